using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Tests.Series;

public sealed class ShapeMemoryTests
{
    [Fact]
    public void A_day_that_came_before_is_near_and_another_one_is_far()
    {
        var shapes = new ShapeMemory();
        var row = 0;
        for (; row < 15 * 24; row++)
        {
            shapes.Add(Some.Monday.AddHours(row), Math.Sin(row * Math.PI / 12));
        }

        var usual = shapes.Distance;
        for (; row < 16 * 24; row++)
        {
            shapes.Add(Some.Monday.AddHours(row), -Math.Sin(row * Math.PI / 12));
        }

        Assert.InRange(usual, 0, 0.1);
        Assert.True(shapes.Distance > 5 * usual, $"{usual} → {shapes.Distance}");
    }

    [Fact]
    public void It_says_nothing_before_it_knows_some_days()
    {
        var shapes = new ShapeMemory();
        for (var row = 0; row < 48; row++)
        {
            shapes.Add(Some.Monday.AddHours(row), row);
            Assert.Equal(0, shapes.Distance);
        }
    }
}
