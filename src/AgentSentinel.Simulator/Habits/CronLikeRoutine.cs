using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Habits;

/// <summary>Runs every so many hours of the wall clock, at one minute of the hour give or take a jitter; a run is one long session.</summary>
internal sealed record CronLikeRoutine(SessionShape Shape, int PeriodHours, double Minute, double JitterSeconds, double SkipShare) : IRoutine
{
    // Two runs never change places: jitter is cut far below half of the shortest period.
    private const double LongestJitterMs = 5 * Timeline.MinuteMs;

    private static readonly int[] Periods = [1, 2, 3, 4, 6, 8, 12, 24];

    public WorkingHours? Hours => null;

    public double PeakSessionsPerHour => (1 - SkipShare) / PeriodHours;

    public static CronLikeRoutine Draw(SeededRandom random)
    {
        SessionShape shape = new()
        {
            MeanCalls = random.LogUniform(20, 150),
            SizeShape = 40,
            PauseSeconds = random.LogUniform(0.15, 1.2),
            PauseSigma = 0.5,
        };
        return new CronLikeRoutine(
            shape,
            random.Pick(Periods),
            Minute: random.Below(60),
            JitterSeconds: random.LogUniform(2, 60),
            SkipShare: random.Uniform(0, 0.01));
    }

    /// <summary>The average over the period: an operator who is asked for the usual rate would say "so many calls a run, so many runs a day".</summary>
    public double SessionsPerHour(DateTime wallClock) => PeakSessionsPerHour;

    public IEnumerable<long> Starts(Timeline timeline, SeededRandom random)
    {
        long period = PeriodHours * Timeline.HourMs;
        for (long planned = (long)(Minute * Timeline.MinuteMs) - timeline.StartOfDayOffsetMs; planned < timeline.EndMs; planned += period)
        {
            double jitter = Math.Clamp(random.Normal() * JitterSeconds * Timeline.SecondMs, -LongestJitterMs, LongestJitterMs);
            long start = planned + (long)jitter;
            if (!random.Chance(SkipShare) && start >= 0 && start <= timeline.EndMs)
            {
                yield return start;
            }
        }
    }
}
