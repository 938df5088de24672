namespace AgentSentinel.Benchmarks;

/// <summary>One agent's life as counts of calls.</summary>
/// <param name="Habit">What it is like.</param>
/// <param name="Counts">Calls in each minute.</param>
/// <param name="Expected">The rate behind them, sessions and noise averaged out.</param>
internal sealed record CountedAgent(CountHabit Habit, int[] Counts, float[] Expected);
