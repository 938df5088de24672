using System.ComponentModel;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Core.Response;

/// <summary>What the response engine is asked for.</summary>
public sealed record ResponseOptions
{
    /// <summary>When anomalies belong together and what they weigh.</summary>
    [Description("When anomalies belong together and what they weigh.")]
    public IncidentOptions Incidents { get; init; } = new();

    /// <summary>The suspension policy.</summary>
    [Description("The suspension policy.")]
    public SuspensionOptions Suspension { get; init; } = new();
}
