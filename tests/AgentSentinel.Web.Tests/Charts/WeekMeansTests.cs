using AgentSentinel.Service.History;
using AgentSentinel.Web.Charts;

namespace AgentSentinel.Web.Tests.Charts;

public sealed class WeekMeansTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Hours_without_calls_count_as_such()
    {
        // Mondays at nine: 60 calls in the first week, none in the second.
        var means = WeekMeans.Of([Hour(Monday.AddHours(9), 60)], Monday.AddDays(14));
        Assert.Equal(30, means.Means[9]);
        Assert.Equal(0, means.Means[10]);
    }

    [Fact]
    public void What_is_usual_from_now_on_is_summed_over_the_hours_that_it_lasts()
    {
        var means = WeekMeans.Of([Hour(Monday.AddHours(9), 60), Hour(Monday.AddHours(10), 20)], Monday.AddDays(7));
        Assert.Equal(50, means.Sum(Monday.AddDays(7).AddHours(9.5), TimeSpan.FromHours(4)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(23, 23)]
    [InlineData(167, 167)]
    [InlineData(168, 0)]
    public void A_week_begins_on_monday(int hours, int hour) => Assert.Equal(hour, WeekMeans.HourOf(Monday.AddHours(hours)));

    private static SeriesPoint Hour(DateTimeOffset start, long calls) => new(start, calls, 0, 0, 0, 0, 0, calls, null, null, 0, null);
}
