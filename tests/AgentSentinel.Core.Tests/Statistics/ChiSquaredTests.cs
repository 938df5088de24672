using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class ChiSquaredTests
{
    [Fact]
    public void The_exact_tail_agrees_with_MathNet()
    {
        foreach (double degrees in (double[])[0.5, 1, 3, 12, 100])
        {
            for (double x = 0.1; x < 200; x *= 1.3)
            {
                double expected = 1 - MathNet.Numerics.Distributions.ChiSquared.CDF(degrees, x);
                Assert.Equal(expected, Math.Exp(ChiSquared.LogUpperTail(x, degrees)), 1e-12);
            }
        }
    }

    [Fact]
    public void Two_degrees_have_an_exponential_tail()
        => Assert.Equal(-5000, ChiSquared.LogUpperTail(10_000, 2), 1e-11);

    [Fact]
    public void The_cube_root_tail_is_short_by_at_most_seven_per_cent_to_one_in_a_million()
    {
        for (double degrees = 3; degrees < 2000; degrees *= 1.4)
        {
            for (double x = degrees; ChiSquared.LogUpperTail(x, degrees) > -14; x += 0.05 * degrees)
            {
                double exact = ChiSquared.LogUpperTail(x, degrees);
                double bound = degrees < 20 ? 0.07 : 0.02;
                Assert.Equal(exact, ChiSquared.LogUpperTailWilsonHilferty(x, degrees), bound * Math.Abs(exact));
            }
        }
    }

    [Fact]
    public void Both_are_finite_at_the_ends_and_refuse_what_is_outside()
    {
        Assert.Equal(0, ChiSquared.LogUpperTail(0, 4));
        Assert.True(double.IsFinite(ChiSquared.LogUpperTail(1e15, 1e-6)));
        Assert.True(double.IsFinite(ChiSquared.LogUpperTailWilsonHilferty(0, 1e-6)));
        Assert.True(double.IsFinite(ChiSquared.LogUpperTailWilsonHilferty(1e15, 1e-6)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChiSquared.LogUpperTail(double.NaN, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChiSquared.LogUpperTailWilsonHilferty(-1, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChiSquared.LogUpperTailWilsonHilferty(1, double.NaN));
    }
}
