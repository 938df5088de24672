using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class HillTailTests
{
    // Pareto with index ξ: the logarithm of a value is exponential with mean ξ, its 90 % quantile is ξ ln 10.
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void On_pareto_values_quantile_and_index_are_met_within_their_bounds(double index)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var tail = Learned(seed, 4000, random => -index * Math.Log(1 - random.NextDouble()));
            Assert.True(Math.Abs(tail.Quantile - (index * Math.Log(10))) < 0.5 * index, $"seed {seed}: {tail}");
            Assert.True(Math.Abs((tail.Index / index) - 1) < 0.3, $"seed {seed}: {tail.Index}");
        }
    }

    [Fact]
    public void The_surprisal_of_a_rare_value_is_its_probability_within_a_decade()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var tail = Learned(seed, 4000, random => -0.5 * Math.Log(1 - random.NextDouble()));
            var oneInAMillion = 0.5 * Math.Log(1e6);
            Assert.InRange(1 + tail.SurprisalBeyond(oneInAMillion), 5, 7.2);
        }
    }

    [Fact]
    public void Nothing_is_surprising_up_to_the_quantile_and_a_level_and_its_logarithm_are_inverse()
    {
        var tail = Learned(1, 1000, random => random.NextDouble());
        Assert.Equal(0, tail.SurprisalBeyond(tail.Quantile));
        Assert.Equal(0, tail.SurprisalBeyond(-700));
        Assert.Equal(0, default(HillTail).SurprisalBeyond(100));
        Assert.Equal(2.5, tail.SurprisalBeyond(tail.LogAt(2.5)), 1e-9);
        Assert.InRange(tail.SurprisalBeyond(1e6), 1e5, 1e9);
    }

    [Fact]
    public void It_follows_a_lasting_change_of_scale()
    {
        var random = new Random(5);
        var tail = default(HillTail);
        for (var i = 0; i < 24_000; i++)
        {
            tail = tail.Add((-0.3 * Math.Log(1 - random.NextDouble())) + (i < 8000 ? 0 : 4));
        }

        Assert.Equal(4 + (0.3 * Math.Log(10)), tail.Quantile, 0.3);
    }

    [Fact]
    public void One_outlier_moves_the_tail_little()
    {
        var tail = Learned(3, 1000, random => -0.3 * Math.Log(1 - random.NextDouble()));
        var after = tail.Add(500);
        Assert.True(after.Index < tail.Index * 1.05, $"{tail.Index} → {after.Index}");
        Assert.True(after.Quantile - tail.Quantile < 0.1);
    }

    private static HillTail Learned(int seed, int values, Func<Random, double> draw)
    {
        var random = new Random(seed);
        var tail = default(HillTail);
        for (var i = 0; i < values; i++)
        {
            tail = tail.Add(draw(random));
        }

        return tail;
    }
}
