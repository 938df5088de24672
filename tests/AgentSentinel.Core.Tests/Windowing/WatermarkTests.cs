using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Tests.Windowing;

public sealed class WatermarkTests
{
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(2);

    private static readonly DateTimeOffset Now = Some.Monday.AddHours(9);

    [Fact]
    public void Before_the_first_call_nothing_is_late()
    {
        var watermark = new Watermark(Lateness);
        Assert.Equal(DateTimeOffset.MinValue, watermark.Value);
        Assert.False(watermark.IsLate(DateTimeOffset.MinValue));
    }

    [Fact]
    public void It_trails_the_newest_call_by_the_allowed_lateness()
    {
        var watermark = new Watermark(Lateness);
        Assert.True(watermark.Observe(Now, Now));
        Assert.Equal(Now - Lateness, watermark.Value);
        Assert.False(watermark.IsLate(Now - Lateness));
        Assert.True(watermark.IsLate(Now - Lateness - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void A_producer_with_a_fast_clock_moves_it_no_further_than_reception_does()
    {
        var watermark = new Watermark(Lateness);
        watermark.Observe(Now.AddHours(5), Now);
        Assert.Equal(Now - Lateness, watermark.Value);
    }

    [Fact]
    public void A_backlog_received_late_moves_it_by_the_time_of_the_calls()
    {
        var watermark = new Watermark(Lateness);
        watermark.Observe(Now, Now.AddDays(3));
        Assert.Equal(Now - Lateness, watermark.Value);
    }

    [Fact]
    public void It_never_goes_back_nor_ahead_of_reception_nor_stands_without_saying_so()
    {
        var random = new Random(1);
        var watermark = new Watermark(Lateness);
        var newestReception = DateTimeOffset.MinValue;
        for (var i = 0; i < 10_000; i++)
        {
            var before = watermark.Value;
            var received = Now.AddSeconds(i + random.Next(-300, 300));
            newestReception = received > newestReception ? received : newestReception;
            var hasMoved = random.Next(4) == 0
                ? watermark.Advance(received)
                : watermark.Observe(received.AddSeconds(random.Next(-1000, 1000)), received);
            Assert.True(watermark.Value >= before);
            Assert.True(watermark.Value <= newestReception - Lateness);
            Assert.Equal(watermark.Value > before, hasMoved);
        }

        Assert.True(watermark.Value > Now);
    }

    [Fact]
    public void Times_near_the_beginning_of_the_calendar_are_survived()
    {
        var watermark = new Watermark(Lateness);
        Assert.False(watermark.Observe(DateTimeOffset.MinValue, DateTimeOffset.MinValue));
        Assert.False(watermark.Advance(DateTimeOffset.MinValue + Lateness));
        Assert.True(watermark.Advance(DateTimeOffset.MinValue + Lateness + TimeSpan.FromTicks(1)));
        Assert.True(watermark.Advance(DateTimeOffset.MaxValue));
        Assert.False(watermark.Advance(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void A_restored_watermark_goes_on_from_there()
    {
        var watermark = new Watermark(Lateness);
        watermark.Restore(Now);
        Assert.True(watermark.IsLate(Now.AddTicks(-1)));
        Assert.False(watermark.Advance(Now + Lateness));
        Assert.True(watermark.Advance(Now + Lateness + TimeSpan.FromTicks(1)));
    }
}
