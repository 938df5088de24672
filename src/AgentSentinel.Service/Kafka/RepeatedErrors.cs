using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// Tells each kind of error once in a while: a missing topic, for one, answers with an error at every refresh of its metadata.
/// Owned by the polling thread.
/// </summary>
internal sealed class RepeatedErrors(string topic, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ErrorCode, long> _loggedAt = [];

    public void Log(Error error)
    {
        var now = time.GetTimestamp();
        if (!_loggedAt.TryGetValue(error.Code, out var loggedAt) || time.GetElapsedTime(loggedAt, now) > Silence)
        {
            _loggedAt[error.Code] = now;
            KafkaLog.ConsumeFailed(log, topic, error.Code, error.Reason);
        }
    }
}
