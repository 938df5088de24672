using AgentSentinel.Core.Statistics;
using CsCheck;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class LogSumTests
{
    [Fact]
    public void It_adds_where_the_terms_themselves_would_vanish()
        => Assert.Equal(-10_000 + Math.Log(3), LogSum.Of([-10_000, -10_000, -10_000]), 1e-11);

    [Fact]
    public void A_small_term_beside_certainty_is_not_lost()
        => Assert.Equal(1e-20, LogSum.Of([0, Math.Log(1e-20)]), 1e-34);

    [Fact]
    public void It_agrees_with_the_plain_sum()
        => Gen.Double[-20, 20].Array[1, 30].Sample(values =>
            Assert.Equal(Math.Log(values.Sum(Math.Exp)), LogSum.Of(values), 1e-13 * 20));

    [Fact]
    public void What_is_impossible_adds_nothing()
    {
        Assert.Equal(-5, LogSum.Of([double.NegativeInfinity, -5]));
        Assert.Equal(double.NegativeInfinity, LogSum.Of([double.NegativeInfinity]));
    }

    [Fact]
    public void A_mixture_weighs_its_experts()
    {
        Assert.Equal(Math.Log(0.25 * 0.1 + 0.75 * 0.2), LogSum.Weighted([Math.Log(0.1), Math.Log(0.2)], [0.25, 0.75]), 1e-15);
        Assert.Equal(-900 + Math.Log(1e-5), LogSum.Weighted([-900, 0], [1e-5, 0]), 1e-12);
        Assert.Equal(double.NegativeInfinity, LogSum.Weighted([0, 0], [0, 0]));
    }

    [Fact]
    public void Nothing_and_what_is_no_number_are_refused()
    {
        Assert.Throws<ArgumentException>(() => LogSum.Of([]));
        Assert.Throws<ArgumentException>(() => LogSum.Of([0, double.NaN]));
        Assert.Throws<ArgumentException>(() => LogSum.Of([double.PositiveInfinity]));
        Assert.Throws<ArgumentException>(() => LogSum.Weighted([0, 0], [1]));
        Assert.Throws<ArgumentException>(() => LogSum.Weighted([0], [-1]));
        Assert.Throws<ArgumentException>(() => LogSum.Weighted([0], [double.NaN]));
    }
}
