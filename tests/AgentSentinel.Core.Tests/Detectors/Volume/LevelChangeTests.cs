using AgentSentinel.Core.Detectors.Volume;

namespace AgentSentinel.Core.Tests.Detectors.Volume;

public sealed class LevelChangeTests
{
    private const int HalfHours = 12;
    private const double Expected = 40;

    private readonly LevelChange _change = Learned();

    [Fact]
    public void Half_as_much_again_for_six_hours_is_surprising()
    {
        var reading = After(_ => 1.5 * Expected);
        Assert.True(reading.Surprisal > 5, $"{reading}");
        Assert.Equal(1.5 * Expected * HalfHours, reading.Observed);
    }

    [Fact]
    public void A_rise_of_the_last_two_hours_is_told_from_the_hours_before()
    {
        var reading = After(half => half >= HalfHours - 4 ? 2 * Expected : Expected);
        Assert.True(reading.Surprisal > 5, $"{reading}");
        Assert.Equal(4 * 2 * Expected, reading.Observed);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public void A_short_burst_is_no_drift_however_large(double times)
    {
        var reading = After(half => half == HalfHours - 1 ? times * Expected : Expected);
        Assert.InRange(reading.Surprisal, 0, 3);
    }

    [Fact]
    public void Less_than_expected_is_not_surprising() => Assert.Equal(0, After(_ => 0.9 * Expected).Surprisal);

    private static LevelChange Learned()
    {
        var random = new Random(7);
        var change = default(LevelChange);
        for (var hour = 0; hour < 14 * 24; hour++)
        {
            change.Learn(Math.Round(2 * Expected + (Math.Sqrt(2 * Expected) * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2)), 2 * Expected, WindowSpreads.Keep60);
        }

        return change;
    }

    private VolumeReading After(Func<int, double> count)
    {
        var halfHours = default(TrailingWindow);
        for (var half = 0; half < HalfHours; half++)
        {
            halfHours.Push(half + 100, count(half), Expected);
        }

        return _change.Worst(CallModel.Drift, halfHours, HalfHours + 99);
    }
}
