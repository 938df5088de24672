using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Sinks;

/// <summary>Alerts in the structured log.</summary>
internal sealed partial class LogSink(ILogger<LogSink> log) : IAlertSink
{
    public string Name => "log";

    public Task WriteAsync(Alert alert, CancellationToken cancellationToken)
    {
        var level = alert.Severity >= Severity.High ? LogLevel.Error : LogLevel.Warning;
        if (log.IsEnabled(level))
        {
            Raised(log, level, alert.Kind, alert.Severity, PlainText.Of(alert.AgentId), PlainText.Of(alert.Summary), alert.Risk, alert.IncidentId, alert.SuspensionId, alert.Id);
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [LoggerMessage(Message = "{Kind} [{Severity}] {AgentId}: {Summary} (risk {Risk:0.0}, incident {IncidentId}, suspension {SuspensionId}, alert {AlertId})")]
    private static partial void Raised(
        ILogger log, LogLevel level, AlertKind kind, Severity severity, string agentId, string summary, double risk, string? incidentId, string? suspensionId, string alertId);
}
