using System.Collections.Concurrent;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Sinks;

namespace AgentSentinel.Service.Tests.Sinks;

/// <summary>Keeps the ids of what it is given, after doing what the test wants of it.</summary>
internal sealed class RecordingSink(Func<Alert, CancellationToken, Task>? before = null) : IAlertSink
{
    public string Name => "recording";

    public ConcurrentQueue<string> Taken { get; } = new();

    public async Task WriteAsync(Alert alert, CancellationToken cancellationToken)
    {
        if (before is not null)
        {
            await before(alert, cancellationToken);
        }

        Taken.Enqueue(alert.Id);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
