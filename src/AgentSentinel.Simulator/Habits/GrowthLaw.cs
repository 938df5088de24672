using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Habits;

/// <summary>Exponential growth from the first day on.</summary>
internal sealed record GrowthLaw(DateTime Start, double FactorIn30Days) : IRateLaw
{
    // Years of it would leave nothing else in the fleet.
    private const double Limit = 10;

    public static GrowthLaw Draw(Timeline timeline, SeededRandom random) =>
        new(timeline.WallClock(0), random.LogUniform(1.2, 2.5));

    public double Factor(DateTime wallClock) => Math.Min(Limit, Math.Pow(FactorIn30Days, (wallClock - Start).TotalDays / 30));
}
