namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary>How long detectors may learn.</summary>
internal enum SessionProtocol
{
    /// <summary>Up to the first event after the learning phase; then they only score.</summary>
    Frozen,

    /// <summary>For ever, from whatever the learning gate lets pass.</summary>
    Stream,
}
