using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Detectors;

public sealed class TextFilterTests
{
    [Fact]
    public void A_filter_that_takes_over_released_memory_knows_nothing_of_what_was_there()
    {
        for (var round = 1; round <= 100; round++)
        {
            var filter = new TextFilter(1 << 12);
            Assert.False(Enumerable.Range(0, 500).Any(i => filter.Contains(Token(i))), $"round {round}");
            for (var i = 0; i < 500; i++)
            {
                filter.Add(Token(i));
            }

            Assert.True(Enumerable.Range(0, 500).All(i => filter.Contains(Token(i))));
            filter.Release();
        }
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(64, 64)]
    [InlineData(4098, 8192)]
    [InlineData(1 << 20, 1 << 16)]
    public void A_filter_takes_as_many_bytes_as_it_says_and_is_saved_as_it_is(int asked, int bytes)
    {
        var filter = new TextFilter(asked, new TextFilter(100));
        Assert.Equal(bytes + 128, filter.Bytes);
        filter.Former!.Add(Token(1));
        filter.Add(Token(2));
        Assert.False(filter.IsFull);

        var writer = new MemoryWriter();
        filter.Save(writer);
        var reader = new MemoryReader(writer.Written);
        var loaded = TextFilter.Load(ref reader);

        Assert.Equal(filter.Bytes, loaded.Bytes);
        Assert.True(loaded.Contains(Token(1)) && loaded.Contains(Token(2)));
        Assert.False(loaded.Former!.Contains(Token(2)));
        var again = new MemoryWriter();
        loaded.Save(again);
        Assert.Equal(writer.Written, again.Written);
    }

    [Fact]
    public void A_quarter_of_its_bits_fill_a_filter()
    {
        var filter = new TextFilter(TextFilter.LeastBytes);
        var added = 0;
        while (!filter.IsFull)
        {
            filter.Add(Token(added++));
        }

        Assert.InRange(added, 26, 36);
    }

    private static ulong Token(int i) => Fingerprint.Of(new FingerprintKey(1, 2), BitConverter.GetBytes(i));
}
