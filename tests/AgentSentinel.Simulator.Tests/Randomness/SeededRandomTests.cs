using AgentSentinel.Simulator.Randomness;
using CsCheck;

namespace AgentSentinel.Simulator.Tests.Randomness;

public sealed class SeededRandomTests
{
    private const int Draws = 200_000;

    [Fact]
    public void It_is_the_published_generator()
    {
        // First outputs of xoshiro256** from state 1, 2, 3, 4, as the authors' reference program prints them.
        SeededRandom random = SeededRandom.InState(1, 2, 3, 4);
        ulong[] expected = [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600];

        Assert.Equal(expected, expected.Select(_ => random.NextBits()));
    }

    [Fact]
    public void Streams_of_one_seed_differ()
    {
        ulong[] first = [new SeededRandom(1).NextBits(), new SeededRandom(1, 0).NextBits(), new SeededRandom(1, 1).NextBits(), new SeededRandom(1, 0, 1).NextBits(), new SeededRandom(2, 0).NextBits()];

        Assert.Equal(first.Length, first.Distinct().Count());
    }

    [Fact]
    public void Below_stays_below_and_reaches_everything()
    {
        Gen.Select(Gen.Int, Gen.Int[1, 40]).Sample(
            (seed, count) =>
            {
                SeededRandom random = new(seed);
                int[] seen = [.. Enumerable.Range(0, 60 * count).Select(_ => random.Below(count)).Distinct().Order()];
                return seen.SequenceEqual(Enumerable.Range(0, count));
            },
            seed: "0000KOIPJJ85",
            iter: 100,
            threads: 1);
    }

    [Fact]
    public void Uniform_has_its_moments() => AssertMoments(random => random.Uniform(2, 4), mean: 3, variance: 1.0 / 3);

    [Fact]
    public void Exponential_has_its_moments() => AssertMoments(random => random.Exponential(3), mean: 3, variance: 9);

    [Fact]
    public void Normal_has_its_moments() => AssertMoments(random => random.Normal(), mean: 0, variance: 1);

    [Fact]
    public void The_logarithm_of_a_log_normal_is_normal() =>
        AssertMoments(random => Math.Log(random.LogNormal(5, 0.7)), mean: Math.Log(5), variance: 0.49);

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(7.5)]
    public void Gamma_has_its_moments(double shape) => AssertMoments(random => random.Gamma(shape, 2), mean: 2, variance: 4 / shape);

    [Theory]
    [InlineData(0.2)]
    [InlineData(6)]
    [InlineData(70.5)]
    public void Poisson_has_its_moments(double mean) => AssertMoments(random => random.Poisson(mean), mean, variance: mean);

    [Fact]
    public void Negative_binomial_is_over_dispersed() =>
        AssertMoments(random => random.NegativeBinomial(4, 2), mean: 4, variance: 4 + (16.0 / 2));

    [Fact]
    public void Nothing_is_drawn_of_a_mean_of_nothing()
    {
        SeededRandom random = new(1);

        Assert.Equal(0, random.Poisson(0));
        Assert.Equal(0, random.NegativeBinomial(0, 2));
    }

    [Fact]
    public void Shuffling_keeps_every_item()
    {
        int[] items = [.. Enumerable.Range(0, 100)];
        new SeededRandom(1).Shuffle<int>(items);

        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }

    private static void AssertMoments(Func<SeededRandom, double> draw, double mean, double variance)
    {
        SeededRandom random = new(1);
        double[] values = [.. Enumerable.Range(0, Draws).Select(_ => draw(random))];
        double average = values.Average();
        double spread = values.Average(value => (value - average) * (value - average));

        // Five standard errors of the mean; the variance of the heaviest tail here settles within some percent.
        Assert.InRange(average, mean - (5 * Math.Sqrt(variance / Draws)), mean + (5 * Math.Sqrt(variance / Draws)));
        Assert.InRange(spread, 0.95 * variance, 1.05 * variance);
    }
}
