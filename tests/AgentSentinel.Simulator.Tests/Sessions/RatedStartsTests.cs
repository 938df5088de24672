using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Tests.Sessions;

public sealed class RatedStartsTests
{
    private static readonly Timeline Timeline = new(new DateTimeOffset(2026, 1, 5, 0, 7, 0, TimeSpan.Zero), 100 * Timeline.DayMs);

    [Fact]
    public void Starts_are_as_many_as_the_rate_says_and_only_where_there_is_one()
    {
        long[] starts = [.. RatedStarts.Draw(
            wallClock => wallClock.Hour is >= 6 and < 18 ? 10 : 0,
            Timeline, new Period(0, Timeline.EndMs), RateNoise.None, new SeededRandom(1))];

        // 12,000 expected; four standard deviations are 440.
        Assert.InRange(starts.Length, 11_560, 12_440);
        Assert.Equal(starts.Order(), starts);
        Assert.All(starts, start => Assert.InRange(Timeline.WallClock(start).AddMinutes(-15).Hour, 5, 17));
    }

    [Fact]
    public void Without_noise_counts_are_poisson_and_with_it_more_dispersed()
    {
        Assert.InRange(DispersionOfDays(RateNoise.None), 0.6, 1.5);
        Assert.InRange(DispersionOfDays(new RateNoise(10, 10)), 5, 100);
    }

    [Fact]
    public void Starts_stay_inside_the_period()
    {
        Period period = new((3 * Timeline.DayMs) + 1, (3 * Timeline.DayMs) + 100_001);
        long[] starts = [.. RatedStarts.Draw(_ => 3_600, Timeline, period, RateNoise.None, new SeededRandom(1))];

        Assert.InRange(starts.Length, 60, 140);
        Assert.All(starts, start => Assert.True(period.Contains(start)));
    }

    private static double DispersionOfDays(RateNoise noise)
    {
        long[] starts = [.. RatedStarts.Draw(_ => 5, Timeline, new Period(0, Timeline.EndMs), noise, new SeededRandom(1))];
        double[] counts = [.. Enumerable.Range(0, 100).Select(day => (double)starts.Count(start => start / Timeline.DayMs == day))];
        double mean = counts.Average();
        return counts.Average(count => (count - mean) * (count - mean)) / mean;
    }
}
