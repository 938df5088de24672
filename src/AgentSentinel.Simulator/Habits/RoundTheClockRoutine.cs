using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Habits;

/// <summary>Works day and night, on a cosine wave of its own height and hour, and less at the weekend.</summary>
internal sealed record RoundTheClockRoutine(
    SessionShape Shape,
    double MeanSessionsPerHour,
    double WaveHeight,
    double WavePeakHour,
    double WeekendShare,
    RateNoise Noise) : IRoutine
{
    public WorkingHours? Hours => null;

    public double PeakSessionsPerHour => MeanSessionsPerHour * (1 + WaveHeight);

    public static RoundTheClockRoutine Draw(SeededRandom random)
    {
        SessionShape shape = SessionShape.Draw(random, meanCalls: random.LogUniform(2, 12), pauseSeconds: random.LogUniform(1, 12));
        double callsPerHour = random.LogNormal(16, 0.9);
        return new RoundTheClockRoutine(
            shape,
            callsPerHour / shape.MeanEvents,
            WaveHeight: random.Uniform(0.1, 0.6),
            WavePeakHour: random.Uniform(9, 19),
            WeekendShare: random.Uniform(0.55, 1),
            RateNoise.Draw(random));
    }

    public double SessionsPerHour(DateTime wallClock)
    {
        double phase = (wallClock.TimeOfDay.TotalHours - WavePeakHour) * Math.Tau / 24;
        double weekday = wallClock.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? WeekendShare : 1;
        return MeanSessionsPerHour * weekday * (1 + (WaveHeight * Math.Cos(phase)));
    }

    public IEnumerable<long> Starts(Timeline timeline, SeededRandom random) =>
        RatedStarts.Draw(SessionsPerHour, timeline, new Period(0, timeline.EndMs), Noise, random);
}
