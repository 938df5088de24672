using AgentSentinel.Web.Charts;
using CsCheck;

namespace AgentSentinel.Web.Tests.Charts;

public sealed class ChartGeometryTests
{
    private static readonly DateTimeOffset From = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 8)]
    [InlineData(60, 80)]
    [InlineData(17_261, 20_000)]
    [InlineData(double.PositiveInfinity, 1)]
    public void The_upper_edge_is_a_round_number_above_the_largest_value(double largest, double top) => Assert.Equal(top, Of(largest).Top);

    [Fact]
    public void Everything_lies_within_the_square_whatever_the_values() => Gen.Double[0, 1e18].Array[1, 200].Sample(values =>
    {
        var geometry = Of(values);
        Assert.True(geometry.Top >= values.Max());
        Assert.All(values, v => Assert.InRange(geometry.Y(v), 0, ChartGeometry.Side));
        Assert.DoesNotContain("NaN", geometry.Line() + geometry.Area() + geometry.Band(), StringComparison.Ordinal);
        Assert.InRange(geometry.Ticks.Count, 2, 7);
    }, iter: 300);

    [Fact]
    public void Where_nothing_is_known_nothing_is_drawn()
    {
        ChartPoint[] points = [new(From, 1, 0, 2), new(From + Slot, null, null, null), new(From + (2 * Slot), 3, 0, 2)];
        var geometry = new ChartGeometry(points, [], From, From + (3 * Slot), Slot);
        Assert.Equal(2, geometry.Line().Count(c => c == 'M'));
        Assert.Equal(2, geometry.Band().Count(c => c == 'Z'));
    }

    [Fact]
    public void A_window_that_ended_is_marked_at_what_it_held()
    {
        ChartPoint[] points = [new(From, 4, null, null), new(From + Slot, 9, null, null)];
        var geometry = new ChartGeometry(points, [], From, From + (2 * Slot), Slot);
        Assert.Equal((4, 9), (geometry.ValueAt(From + Slot), geometry.ValueAt(From + (2 * Slot))));
    }

    [Theory]
    [InlineData(3, "00:30 01:00 01:30 02:00 02:30")]
    [InlineData(24, "06:00 12:00 18:00")]
    [InlineData(168, "4 Mar 6 Mar 8 Mar")]
    public void Times_are_written_at_round_moments(int hours, string expected) =>
        Assert.Equal(expected, string.Join(' ', new ChartGeometry([], [], From, From.AddHours(hours), Slot).TimeTicks().Select(t => t.Text)));

    private static ChartGeometry Of(params double[] values) =>
        new([.. values.Select((v, i) => new ChartPoint(From + (i * Slot), v, 0, v))], [], From, From + (values.Length * Slot), Slot);
}
