using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using CsCheck;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class SeenSetTests
{
    private static readonly FingerprintKey Key = new(11, 12);

    [Fact]
    public void Up_to_forty_eight_it_is_exact()
    {
        var set = new SeenSet();
        for (int i = 0; i < SeenSet.ExactLimit; i++)
        {
            Assert.False(set.Contains(Name(i)));
            Assert.True(set.Add(Name(i)));
            Assert.False(set.Add(Name(i)));
            Assert.Equal(i + 1, set.Count);
        }

        Assert.False(set.IsApproximate);
        Assert.DoesNotContain(Enumerable.Range(1000, 10_000), i => set.Contains(Name(i)));
    }

    [Fact]
    public void A_name_once_added_is_always_seen()
        => Gen.ULong.Array[0, 400].Sample(names =>
        {
            var set = new SeenSet();
            foreach (ulong name in names)
            {
                set.Add(name);
            }

            Assert.All(names, name => Assert.True(set.Contains(name)));
        }, iter: 200);

    [Theory]
    [InlineData(49)]
    [InlineData(100)]
    [InlineData(200)]
    [InlineData(300)]
    [InlineData(500)]
    public void A_filter_errs_as_often_as_it_says(int names)
    {
        const int Sets = 20;
        const int Questions = 10_000;
        double promised = 0;
        int wrong = 0;
        for (int s = 0; s < Sets; s++)
        {
            SeenSet set = Filled(s * 100_000, names);
            promised += set.FalsePositiveRate * Questions;
            wrong += Enumerable.Range(s * 100_000 + 50_000, Questions).Count(i => set.Contains(Name(i)));
        }

        Assert.InRange(wrong, promised - 5 * Math.Sqrt(promised) - 0.02 * promised, promised + 5 * Math.Sqrt(promised) + 0.02 * promised);
        double byFormula = Math.Pow(1 - Math.Exp(-4.0 * names / 2048), 4) * Questions * Sets;
        Assert.Equal(byFormula, promised, 0.1 * byFormula);
    }

    [Theory]
    [InlineData(49, 0.05)]
    [InlineData(300, 0.03)]
    [InlineData(800, 0.03)]
    [InlineData(1500, 0.06)]
    public void The_estimate_of_the_count_is_near_on_average(int names, double tolerance)
    {
        double mean = Enumerable.Range(0, 20).Average(s => Filled(s * 100_000, names).EstimatedCount);
        Assert.Equal(names, mean, tolerance * names);
        Assert.Equal(names, Filled(0, names).Count, 6 * tolerance * names);
    }

    [Fact]
    public void A_full_filter_stays_finite()
    {
        SeenSet set = Filled(0, 50_000);
        Assert.InRange(set.EstimatedCount, 3000, 3905);
        Assert.InRange(set.FalsePositiveRate, 0.99, 1);
    }

    [Fact]
    public void Numbers_that_are_no_fingerprints_spread_too()
    {
        var set = new SeenSet();
        for (ulong i = 0; i < 300; i++)
        {
            set.Add(i);
        }

        Assert.InRange(set.Count, 270, 330);
    }

    [Fact]
    public void The_order_of_the_names_does_not_matter()
        => Gen.ULong.Array[0, 120].Sample(names =>
        {
            var forth = new SeenSet();
            var back = new SeenSet();
            foreach (ulong name in names)
            {
                forth.Add(name);
            }

            foreach (ulong name in names.Reverse())
            {
                back.Add(name);
            }

            Assert.Equal(Saved(forth), Saved(back));
        }, iter: 200);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(400)]
    public void It_comes_back_from_memory_and_goes_on_the_same(int names)
    {
        SeenSet set = Filled(0, names);
        byte[] saved = Saved(set);
        var reader = new MemoryReader(saved);
        SeenSet loaded = SeenSet.Load(ref reader);
        reader.ExpectEnd();
        Assert.Equal(saved, Saved(loaded));
        for (int i = names; i < names + 60; i++)
        {
            Assert.Equal(set.Add(Name(i)), loaded.Add(Name(i)));
            Assert.Equal(set.EstimatedCount, loaded.EstimatedCount);
        }
    }

    [Fact]
    public void Garbage_is_refused_or_becomes_a_set_that_writes_itself_the_same()
        => Gen.Byte.Array[0, 300].Sample(garbage =>
        {
            try
            {
                var reader = new MemoryReader(garbage);
                SeenSet set = SeenSet.Load(ref reader);
                Assert.Equal(garbage[..reader.Position], Saved(set));
            }
            catch (MemoryFormatException)
            {
                // Refused.
            }
        }, iter: 5000);

    [Fact]
    public void It_is_within_its_memory_in_every_state()
    {
        for (int names = 0; names <= 60; names++)
        {
            Assert.InRange(Held.Bytes(Filled(0, names)), 1, 320);
        }

        Assert.InRange(Held.Bytes(Filled(0, 3000)), 1, 320);
    }

    [Fact]
    public void Cleared_it_is_empty_and_exact_again()
    {
        SeenSet set = Filled(0, 100);
        set.Clear();
        Assert.Equal(0, set.Count);
        Assert.False(set.IsApproximate);
        Assert.False(set.Contains(Name(1)));
        Assert.Equal(0, set.FalsePositiveRate);
    }

    private static SeenSet Filled(int first, int names)
    {
        var set = new SeenSet();
        for (int i = first; i < first + names; i++)
        {
            set.Add(Name(i));
        }

        return set;
    }

    private static byte[] Saved(SeenSet set)
    {
        var writer = new MemoryWriter();
        set.Save(writer);
        return writer.Written.ToArray();
    }

    private static ulong Name(int i) => Fingerprint.Of(Key, BitConverter.GetBytes(i));
}
