using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Habits;

/// <summary>Works when people do: two humps with a lunch dip on weekdays, a trickle in the evening and on days off.</summary>
internal sealed record OfficeHoursRoutine(
    Timeline Timeline,
    SessionShape Shape,
    WorkingHours WorkDay,
    double PeakSessionsPerHour,
    double EveningShare,
    double WeekendShare,
    RateNoise Noise) : IRoutine
{
    // The first and last half hour run at half speed: people arrive and leave.
    private const double EdgeHours = 0.5;
    private const double EdgeShare = 0.5;
    private const double LunchDepth = 0.4;
    private const double LunchWidthHours = 0.6;

    public WorkingHours? Hours => WorkDay;

    public static OfficeHoursRoutine Draw(Timeline timeline, SeededRandom random)
    {
        double from = Math.Round(random.Uniform(7, 9.5) * 2) / 2;
        double length = Math.Round(random.Uniform(8, 10) * 2) / 2;
        SessionShape shape = SessionShape.Draw(random, meanCalls: random.LogUniform(3, 14), pauseSeconds: random.LogUniform(2, 20));

        // Median 25 calls an hour at the busiest time; the spread makes the busiest agent of a hundred about ten times as busy.
        double callsPerHour = random.LogNormal(25, 0.9);
        return new OfficeHoursRoutine(
            timeline,
            shape,
            new WorkingHours(from, from + length),
            callsPerHour / shape.MeanEvents,
            EveningShare: random.LogUniform(0.002, 0.008),
            WeekendShare: random.LogUniform(0.002, 0.008),
            RateNoise.Draw(random));
    }

    public double SessionsPerHour(DateTime wallClock)
    {
        if (Timeline.IsDayOff(wallClock))
        {
            return PeakSessionsPerHour * WeekendShare;
        }

        double hour = wallClock.TimeOfDay.TotalHours;
        if (!WorkDay.Contains(wallClock))
        {
            return PeakSessionsPerHour * EveningShare;
        }

        if (hour < WorkDay.From + EdgeHours || hour >= WorkDay.Until - EdgeHours)
        {
            return PeakSessionsPerHour * EdgeShare;
        }

        double fromLunch = (hour - ((WorkDay.From + WorkDay.Until) / 2)) / LunchWidthHours;
        return PeakSessionsPerHour * (1 - (LunchDepth * Math.Exp(-0.5 * fromLunch * fromLunch)));
    }

    public IEnumerable<long> Starts(Timeline timeline, SeededRandom random) =>
        RatedStarts.Draw(SessionsPerHour, timeline, new Period(0, timeline.EndMs), Noise, random);
}
