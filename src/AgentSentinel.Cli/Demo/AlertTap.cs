using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Sinks;

namespace AgentSentinel.Cli.Demo;

/// <summary>Hands the service's alerts to the demo: a sink like any other.</summary>
internal sealed class AlertTap(Action<Alert> onAlert) : IAlertSink
{
    public string Name => "demo";

    public Task WriteAsync(Alert alert, CancellationToken cancellationToken)
    {
        onAlert(alert);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
