using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Tests.Series;

public sealed class SamplingIntervalTests
{
    [Fact]
    public void It_is_the_median_whatever_single_gaps_and_steps_back_there_are()
    {
        var interval = new SamplingInterval();
        var time = Some.Monday;
        for (var i = 0; i < 200; i++)
        {
            time += i % 10 == 0 ? TimeSpan.FromDays(40) : i % 10 == 5 ? TimeSpan.FromDays(-1) : TimeSpan.FromHours(1);
            interval.Add(time);
        }

        Assert.Equal(1.0 / 24, interval.Days, 1e-12);
    }

    [Fact]
    public void It_stays_put_until_the_series_becomes_very_different()
    {
        var interval = new SamplingInterval();
        var time = Some.Monday;
        foreach (var (minutes, expected) in ((double, double)[])[(5, 5), (7, 5), (4, 5), (60, 60)])
        {
            for (var i = 0; i < 100; i++)
            {
                time += TimeSpan.FromMinutes(minutes);
                interval.Add(time);
            }

            Assert.Equal(expected / 1440, interval.Days, 1e-12);
        }
    }
}
