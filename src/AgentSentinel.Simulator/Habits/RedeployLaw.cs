using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Habits;

/// <summary>A new level with every new version.</summary>
/// <param name="Moments">When versions are deployed, in milliseconds of the timeline, ascending.</param>
/// <param name="Times">The same moments on the wall clock.</param>
/// <param name="Factors">Level from each moment on, against the first version's.</param>
internal sealed record RedeployLaw(IReadOnlyList<long> Moments, IReadOnlyList<DateTime> Times, IReadOnlyList<double> Factors) : IRateLaw
{
    private const double MeanDaysBetween = 18;

    public static RedeployLaw Draw(Timeline timeline, SeededRandom random)
    {
        // The first within the simulation, so that the kind keeps its promise; the next ones after some weeks.
        List<long> moments = [];
        List<double> factors = [];
        for (long at = (long)(random.Uniform(0.35, 0.9) * timeline.EndMs);
            at < timeline.EndMs;
            at += (long)(random.Uniform(0.3, 1.7) * MeanDaysBetween * Timeline.DayMs))
        {
            moments.Add(at);
            factors.Add(random.LogUniform(0.4, 2.5));
        }

        return new RedeployLaw(moments, [.. moments.Select(timeline.WallClock)], factors);
    }

    public double Factor(DateTime wallClock)
    {
        int next = 0;
        while (next < Times.Count && Times[next] <= wallClock)
        {
            next++;
        }

        return next == 0 ? 1 : Factors[next - 1];
    }
}
