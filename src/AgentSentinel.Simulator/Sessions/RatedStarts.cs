using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Sessions;

/// <summary>
/// Session starts of an inhomogeneous Poisson process by inversion of its integrated rate (Çınlar 1975, chapter 4):
/// a unit exponential is spent along steps of constant rate. With noise on the rate it is a Cox process, over-dispersed by days and hours.
/// </summary>
internal static class RatedStarts
{
    // Habits change their rates at full or half hours; a quarter of an hour follows them closely.
    private const long StepMs = 15 * Timeline.MinuteMs;

    public static IEnumerable<long> Draw(
        Func<DateTime, double> ratePerHour, Timeline timeline, Period within, RateNoise noise, SeededRandom random)
    {
        double budget = random.Exponential(1);
        double dayFactor = 1;
        double hourFactor = 1;
        int day = -1;
        int hour = -1;
        for (long step = within.StartMs; step < within.EndMs; step += StepMs)
        {
            DateTime wallClock = timeline.WallClock(step);
            if (wallClock.Day != day)
            {
                day = wallClock.Day;
                dayFactor = noise.DrawDay(random);
            }

            if (wallClock.Hour != hour)
            {
                hour = wallClock.Hour;
                hourFactor = noise.DrawHour(random);
            }

            double perMs = ratePerHour(wallClock) * dayFactor * hourFactor / Timeline.HourMs;
            double at = step;
            double end = Math.Min(step + StepMs, within.EndMs);
            while (perMs > 0 && (end - at) * perMs >= budget)
            {
                at += budget / perMs;
                budget = random.Exponential(1);
                yield return (long)at;
            }

            budget -= (end - at) * perMs;
        }
    }
}
