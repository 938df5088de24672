namespace AgentSentinel.Core.Statistics;

/// <summary>Rates from few trials, shrunk towards what is otherwise known.</summary>
internal static class Shrinkage
{
    private const double LeastEvents = 0.5;

    /// <summary>
    /// A rate from few trials, mixed with what is otherwise known. The less often something is expected, the less it says that it has not been seen of late:
    /// what is known weighs at least half an event.
    /// </summary>
    /// <param name="events">Events seen; at least 0.</param>
    /// <param name="trials">In how many trials; at least 0.</param>
    /// <param name="otherwise">The rate that is otherwise known; over 0.</param>
    /// <param name="leastTrials">Trials that it weighs at least; over 0.</param>
    public static double Rate(double events, double trials, double otherwise, double leastTrials) => otherwise * leastTrials < LeastEvents
        ? (events + LeastEvents) * otherwise / ((trials * otherwise) + LeastEvents)
        : (events + (leastTrials * otherwise)) / (trials + leastTrials);
}
