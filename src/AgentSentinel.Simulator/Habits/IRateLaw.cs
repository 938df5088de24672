namespace AgentSentinel.Simulator.Habits;

/// <summary>How a routine changes over the weeks. Pure: a function of the moment.</summary>
internal interface IRateLaw
{
    /// <summary>By what the usual rate is multiplied at a moment of the fleet's wall clock.</summary>
    double Factor(DateTime wallClock) => 1;

    /// <summary>The agent's own clock at a moment of the fleet's.</summary>
    DateTime Clock(DateTime wallClock) => wallClock;
}
