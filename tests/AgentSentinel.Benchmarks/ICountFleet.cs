namespace AgentSentinel.Benchmarks;

/// <summary>Agents as counts a minute.</summary>
internal interface ICountFleet
{
    /// <summary>Draws an agent; habits take turns.</summary>
    /// <param name="number">From 0.</param>
    CountedAgent Agent(int number);
}
