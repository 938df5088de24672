using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Tests.Windowing;

public sealed class WindowBreakdownTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Names_and_rest_add_up_to_everything_whatever_comes(int seed)
    {
        var random = new Random(seed);
        var breakdown = new WindowBreakdown();
        var (failures, records) = (0, 0.0);
        for (var i = 0; i < 5_000; i++)
        {
            var (hasFailed, amount) = (random.Next(5) == 0, (double)random.Next(100));
            breakdown.Add($"tool-{(int)(100 * random.NextDouble() * random.NextDouble())}", hasFailed, amount, 2 * amount);
            failures += hasFailed ? 1 : 0;
            records += amount;
        }

        Assert.Equal(WindowBreakdown.MostNames, breakdown.Named.Length);
        var all = breakdown.Named.ToArray().Append(breakdown.Rest).ToArray();
        Assert.Equal((5_000, failures), (all.Sum(n => n.Calls), all.Sum(n => n.Failures)));
        Assert.Equal((records, 2 * records), (all.Sum(n => n.Records), all.Sum(n => n.Bytes)));
    }

    [Fact]
    public void A_heavy_name_is_there_though_it_came_late_and_among_many()
    {
        var breakdown = new WindowBreakdown();
        for (var i = 0; i < 1_000; i++)
        {
            breakdown.Add($"light-{i}", false, 0, 0);
            if (i > 300)
            {
                breakdown.Add(new string("heavy".AsSpan()), false, 0, 0);
            }
        }

        Assert.Contains(breakdown.Named.ToArray(), n => n.Name == "heavy" && n.Calls > 690);
    }

    [Fact]
    public void Few_names_are_counted_exactly()
    {
        var breakdown = new WindowBreakdown();
        for (var i = 0; i < 80; i++)
        {
            breakdown.Add($"tool-{i % 8}", i % 8 == 0, 1, 2);
        }

        Assert.All(breakdown.Named.ToArray(), n => Assert.Equal((10, n.Name == "tool-0" ? 10 : 0, 10.0, 20.0), (n.Calls, n.Failures, n.Records, n.Bytes)));
        Assert.Equal(0, breakdown.Rest.Calls);
    }

    [Fact]
    public void Used_again_it_allocates_nothing()
    {
        var breakdown = new WindowBreakdown();
        string[] names = [.. Enumerable.Range(0, 20).Select(i => $"tool-{i}")];
        Use(breakdown, names);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Use(breakdown, names);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Use(WindowBreakdown breakdown, string[] names)
        {
            breakdown.Clear();
            for (var i = 0; i < 1_000; i++)
            {
                breakdown.Add(names[i % names.Length], false, 1, 2);
            }
        }
    }

    [Fact]
    public void Saved_and_loaded_it_goes_on_alike()
    {
        var (original, loaded) = (new WindowBreakdown(), new WindowBreakdown());
        Feed(original, 1);
        var reader = new MemoryReader(Bytes(original));
        loaded.Add("forgotten", true, 1, 1);
        loaded.Load(ref reader);
        reader.ExpectEnd();
        Feed(original, 2);
        Feed(loaded, 2);
        Assert.Equal(Bytes(original), Bytes(loaded));

        original.Clear();
        Assert.Equal(Bytes(new WindowBreakdown()), Bytes(original));

        static void Feed(WindowBreakdown breakdown, int seed)
        {
            var random = new Random(seed);
            for (var i = 0; i < 100; i++)
            {
                breakdown.Add($"tool-{random.Next(20)}", false, random.Next(2), 0);
            }
        }
    }

    private static byte[] Bytes(WindowBreakdown breakdown)
    {
        var writer = new MemoryWriter();
        breakdown.Save(writer);
        return writer.Written.ToArray();
    }
}
