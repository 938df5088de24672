using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.Sinks;

/// <summary>Draws what happened against what is usual, for the channels that carry pictures.</summary>
internal interface IAlertChart
{
    /// <summary>A PNG of the alert's strongest evidence, or null when there is nothing to draw. Telemetry text in it is drawn as text.</summary>
    Task<byte[]?> DrawAsync(Alert alert, CancellationToken cancellationToken);
}
