using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Habits;

/// <summary>Works day and night, on a cosine wave of its own height and hour, and less on days off.</summary>
internal sealed record DiurnalRoutine(
    Timeline Timeline,
    SessionShape Shape,
    double MeanSessionsPerHour,
    double WaveHeight,
    double WavePeakHour,
    double WeekendShare,
    RateNoise Noise) : IRoutine
{
    public WorkingHours? Hours => null;

    public double PeakSessionsPerHour => MeanSessionsPerHour * (1 + WaveHeight);

    public static DiurnalRoutine Draw(Timeline timeline, SeededRandom random)
    {
        SessionShape shape = SessionShape.Draw(random, meanCalls: random.LogUniform(2, 12), pauseSeconds: random.LogUniform(1, 12));
        double callsPerHour = random.LogNormal(16, 0.9);
        return new DiurnalRoutine(
            timeline,
            shape,
            callsPerHour / shape.MeanEvents,
            WaveHeight: random.Uniform(0.1, 0.6),
            WavePeakHour: random.Uniform(9, 19),
            WeekendShare: random.Uniform(0.55, 1),
            RateNoise.Draw(random));
    }

    /// <summary>No wave, no weekends, no good and bad days: what remains is chance.</summary>
    public static DiurnalRoutine DrawSteady(Timeline timeline, SeededRandom random)
    {
        SessionShape shape = SessionShape.Draw(random, meanCalls: random.LogUniform(1, 4), pauseSeconds: random.LogUniform(0.5, 5));
        double callsPerHour = random.LogNormal(30, 0.9);
        return new DiurnalRoutine(
            timeline,
            shape,
            callsPerHour / shape.MeanEvents,
            WaveHeight: 0,
            WavePeakHour: 0,
            WeekendShare: 1,
            new RateNoise(DayShape: random.LogUniform(100, 1_000), HourShape: random.LogUniform(50, 500)));
    }

    /// <summary>A few sessions a day, mostly by day, of very different length.</summary>
    public static DiurnalRoutine DrawSessionDriven(Timeline timeline, SeededRandom random)
    {
        SessionShape shape = new()
        {
            MeanCalls = random.LogUniform(15, 100),
            SizeShape = random.LogUniform(0.4, 1.5),
            PauseSeconds = random.LogUniform(0.4, 6),
            PauseSigma = random.Uniform(0.6, 1.1),
        };
        return new DiurnalRoutine(
            timeline,
            shape,
            MeanSessionsPerHour: random.LogUniform(2, 24) / 24,
            WaveHeight: random.Uniform(0.4, 1),
            WavePeakHour: random.Uniform(10, 17),
            WeekendShare: random.Uniform(0.3, 1),
            RateNoise.Draw(random));
    }

    public double SessionsPerHour(DateTime wallClock)
    {
        double phase = (wallClock.TimeOfDay.TotalHours - WavePeakHour) * Math.Tau / 24;
        double weekday = Timeline.IsDayOff(wallClock) ? WeekendShare : 1;
        return MeanSessionsPerHour * weekday * (1 + (WaveHeight * Math.Cos(phase)));
    }

    public IEnumerable<long> Starts(Timeline timeline, SeededRandom random) =>
        RatedStarts.Draw(SessionsPerHour, timeline, new Period(0, timeline.EndMs), Noise, random);
}
