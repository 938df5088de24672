namespace AgentSentinel.Cli.Scoring;

/// <summary>What the values of a series are.</summary>
internal enum SeriesKind
{
    /// <summary>Numbers of events per interval.</summary>
    Counts,

    /// <summary>Anything else that is measured: latency, cost, a ratio.</summary>
    Gauge,
}
