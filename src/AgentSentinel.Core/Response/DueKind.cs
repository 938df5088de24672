namespace AgentSentinel.Core.Response;

/// <summary>What time alone can cause.</summary>
internal enum DueKind
{
    /// <summary>An agent's incident became quiet; the id is the agent's.</summary>
    Incident,

    /// <summary>A suspension or proposal is over.</summary>
    Suspension,

    /// <summary>Nothing is left of an agent's risk.</summary>
    Risk,

    /// <summary>What was remembered of an agent's suspensions no longer matters.</summary>
    Record,

    /// <summary>A suspension is too old to be judged.</summary>
    Judgement,

    /// <summary>An unregistered agent was not seen for long.</summary>
    Stranger,
}
