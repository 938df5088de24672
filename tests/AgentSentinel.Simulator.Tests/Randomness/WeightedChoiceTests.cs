using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Tests.Randomness;

public sealed class WeightedChoiceTests
{
    [Fact]
    public void Indices_come_in_proportion_to_their_weights()
    {
        WeightedChoice choice = new([1, 0, 3, 6]);
        SeededRandom random = new(1);
        int[] counts = new int[4];
        for (int i = 0; i < 100_000; i++)
        {
            counts[choice.Draw(random)]++;
        }

        Assert.Equal(0, counts[1]);
        Assert.InRange(counts[0], 9_500, 10_500);
        Assert.InRange(counts[2], 29_000, 31_000);
        Assert.InRange(counts[3], 59_000, 61_000);
    }

    [Fact]
    public void Under_zipf_the_first_rank_is_twice_as_frequent_as_the_second()
    {
        WeightedChoice choice = WeightedChoice.Zipf(20, exponent: 1);
        SeededRandom random = new(1);
        int[] ranks = [.. Enumerable.Range(0, 100_000).Select(_ => choice.Draw(random))];

        Assert.InRange(ranks.Count(rank => rank == 0) / (double)ranks.Count(rank => rank == 1), 1.9, 2.1);
        Assert.Equal(20, ranks.Distinct().Count());
    }

    [Fact]
    public void Weights_without_a_sum_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new WeightedChoice([0, 0]));
        Assert.Throws<ArgumentException>(() => new WeightedChoice([]));
    }
}
