using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Kafka;

/// <summary>Everything this folder writes to the log. Never keys, values or settings: they may hold secrets.</summary>
internal static partial class KafkaLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Topic}/{Partition} is ours, epoch {Epoch}, begins at {Start}")]
    public static partial void Assigned(ILogger log, string topic, int partition, int epoch, string start);

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Topic}/{Partition} is given back, to go on at {Offset}")]
    public static partial void Revoked(ILogger log, string topic, int partition, long? offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Topic}/{Partition} was lost; nothing of it is committed")]
    public static partial void Lost(ILogger log, string topic, int partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Topic}/{Partition} was to begin at {Wanted} but begins at {Actual}: the records between are gone, or were never there")]
    public static partial void BeganElsewhere(ILogger log, string topic, int partition, long wanted, long actual);

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Topic}/{Partition} goes back to {Offset}, epoch {Epoch}")]
    public static partial void Rewound(ILogger log, string topic, int partition, long offset, int epoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} partition(s) of {Topic} did not save what they know within {Timeout}; the rebalance goes on without them")]
    public static partial void RevokeTimedOut(ILogger log, string topic, int count, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Topic}/{Partition} could not be given back in order")]
    public static partial void RevokeFailed(ILogger log, Exception? exception, string topic, int partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Offsets of {Topic} could not be committed: {Reason}")]
    public static partial void CommitFailed(ILogger log, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka answers {Topic} with an error, and we go on: {Code}, {Reason}")]
    public static partial void ConsumeFailed(ILogger log, string topic, ErrorCode code, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The group of {Topic} could not be left within {Timeout}; it will notice by the missing heartbeats")]
    public static partial void CloseTimedOut(ILogger log, string topic, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Error, Message = "The client that read {Topic} could not be closed")]
    public static partial void CloseFailed(ILogger log, Exception exception, string topic);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading {Topic} has ended")]
    public static partial void ReadingEnded(ILogger log, Exception exception, string topic);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka client error {Code}: {Reason}")]
    public static partial void ClientError(ILogger log, ErrorCode code, string reason);

    [LoggerMessage(Message = "{Facility}: {Text}")]
    public static partial void FromLibrary(ILogger log, LogLevel level, string facility, string text);

    [LoggerMessage(Level = LogLevel.Information, Message = "Topic {Topic} was created")]
    public static partial void TopicCreated(ILogger log, string topic);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Topic {Topic} could not be created: {Reason}")]
    public static partial void TopicNotCreated(ILogger log, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} record(s) were not delivered before the producer was closed")]
    public static partial void NotFlushed(ILogger log, int count);

    public static void FromLibrary(ILogger log, LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        if (log.IsEnabled(level))
        {
            FromLibrary(log, level, message.Facility, message.Message);
        }
    }
}
