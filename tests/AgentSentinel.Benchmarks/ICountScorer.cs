namespace AgentSentinel.Benchmarks;

/// <summary>What judges an agent's calls, minute by minute.</summary>
internal interface ICountScorer
{
    /// <summary>Judges a minute that is not over.</summary>
    /// <param name="minute">Number of the minute, from 0.</param>
    /// <param name="calls">Calls in it so far.</param>
    /// <returns>True when an alert is raised.</returns>
    bool Open(int minute, int calls);

    /// <summary>Judges a whole minute and learns it. Minutes come one after the other.</summary>
    /// <param name="minute">Number of the minute, from 0.</param>
    /// <param name="calls">Calls in it.</param>
    /// <returns>True when an alert is raised.</returns>
    bool Close(int minute, int calls);
}
