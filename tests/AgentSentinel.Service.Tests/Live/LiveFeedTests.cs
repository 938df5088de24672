using System.Text;
using AgentSentinel.Service.Live;

namespace AgentSentinel.Service.Tests.Live;

public sealed class LiveFeedTests
{
    private const int More = 5_000;

    private readonly LiveFeed _feed = new();

    [Fact]
    public async Task A_reader_gets_what_comes_after_it_opened()
    {
        Tell(0);
        using var reader = _feed.Open();
        Tell(1);
        Tell(2);
        Assert.True(await reader.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["1", "2"], Read(reader));
    }

    [Fact]
    public void A_reader_that_comes_back_misses_nothing()
    {
        for (var i = 0; i < 10; i++)
        {
            Tell(i);
        }

        using var reader = _feed.Open(after: "6");
        Tell(10);
        Assert.Equal(["7", "8", "9", "10"], Read(reader));
    }

    [Fact]
    public void A_reader_that_was_away_too_long_is_told_so()
    {
        Tell(0);
        using var reader = _feed.Open(after: "gone");
        Tell(1);
        Assert.Equal(["gap {}", "1"], Read(reader));
    }

    [Fact]
    public void A_slow_reader_loses_the_oldest_and_is_told_how_many_and_holds_up_nobody()
    {
        using var slow = _feed.Open();
        using var quick = _feed.Open();
        var got = new List<string>();
        for (var i = 0; i < More; i++)
        {
            Tell(i);
            got.AddRange(Read(quick));
        }

        Assert.Equal(More, got.Count);
        var left = Read(slow);
        Assert.Equal($$"""gap {"lost":{{More - left.Count + 1}}}""", left[0]);
        Assert.Equal((More - 1).ToString(System.Globalization.CultureInfo.InvariantCulture), left[^1]);
    }

    [Fact]
    public async Task When_the_service_stops_readers_come_to_an_end()
    {
        using var before = _feed.Open();
        Tell(1);
        _feed.End();
        using var after = _feed.Open();
        Assert.Equal(["1"], Read(before));
        Assert.False(await before.WaitAsync(TestContext.Current.CancellationToken));
        Assert.False(await after.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_reader_that_left_costs_nothing()
    {
        _feed.Open().Dispose();
        Assert.Equal(0, _feed.Readers);
    }

    private void Tell(int number) => _feed.Tell(new FeedEvent(number.ToString(System.Globalization.CultureInfo.InvariantCulture), "alert", ReadOnlyMemory<byte>.Empty));

    private static List<string> Read(FeedReader reader)
    {
        var got = new List<string>();
        while (reader.TryRead(out var told))
        {
            got.Add(told!.Kind == "gap" ? $"gap {Encoding.UTF8.GetString(told.Json.Span)}" : told.Id);
        }

        return got;
    }
}
