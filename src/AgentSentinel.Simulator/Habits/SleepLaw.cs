using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Habits;

/// <summary>Silence for ten days to four weeks, as often as the simulation has room for it.</summary>
internal sealed record SleepLaw(IReadOnlyList<(DateTime From, DateTime Until)> Sleeps) : IRateLaw
{
    public static SleepLaw Draw(Timeline timeline, SeededRandom random)
    {
        List<(DateTime From, DateTime Until)> sleeps = [];
        DateTime end = timeline.WallClock(timeline.EndMs);
        for (DateTime from = timeline.WallClock((long)(random.Uniform(0.2, 0.5) * timeline.EndMs)); from < end;)
        {
            DateTime until = from.AddDays(random.LogUniform(10, 28));
            sleeps.Add((from, until));
            from = until.AddDays(random.Uniform(10, 30));
        }

        return new SleepLaw(sleeps);
    }

    public double Factor(DateTime wallClock)
    {
        foreach ((DateTime from, DateTime until) in Sleeps)
        {
            if (wallClock >= from && wallClock < until)
            {
                return 0;
            }
        }

        return 1;
    }
}
