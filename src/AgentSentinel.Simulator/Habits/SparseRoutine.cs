using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Habits;

/// <summary>Acts on some days only, one to three short sessions between morning and evening.</summary>
internal sealed record SparseRoutine(SessionShape Shape, double ActiveDayShare, double FurtherSessions) : IRoutine
{
    private const double FirstHour = 7;
    private const double LastHour = 20;

    public WorkingHours? Hours => null;

    public double PeakSessionsPerHour => ActiveDayShare * (1 + FurtherSessions) / (LastHour - FirstHour);

    public static SparseRoutine Draw(SeededRandom random) => new(
        SessionShape.Draw(random, meanCalls: random.LogUniform(1.5, 4), pauseSeconds: random.LogUniform(3, 30)),
        ActiveDayShare: random.LogUniform(0.1, 0.5),
        FurtherSessions: random.Uniform(0.2, 1));

    public double SessionsPerHour(DateTime wallClock) =>
        wallClock.TimeOfDay.TotalHours is >= FirstHour and < LastHour ? PeakSessionsPerHour : 0;

    public IEnumerable<long> Starts(Timeline timeline, SeededRandom random)
    {
        for (long day = -timeline.StartOfDayOffsetMs; day < timeline.EndMs; day += Timeline.DayMs)
        {
            if (!random.Chance(ActiveDayShare))
            {
                continue;
            }

            long[] starts = new long[1 + random.Poisson(FurtherSessions)];
            for (int i = 0; i < starts.Length; i++)
            {
                starts[i] = day + (long)(random.Uniform(FirstHour, LastHour) * Timeline.HourMs);
            }

            Array.Sort(starts);
            foreach (long start in starts)
            {
                if (start >= 0 && start <= timeline.EndMs)
                {
                    yield return start;
                }
            }
        }
    }
}
