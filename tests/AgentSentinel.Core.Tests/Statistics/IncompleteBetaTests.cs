using AgentSentinel.Core.Statistics;
using CsCheck;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class IncompleteBetaTests
{
    // a, b, x, ln I_x(a, b), ln(1 − I_x(a, b)) to 20 digits: DLMF 8.17.22 evaluated with 50 digits.
    private static readonly double[][] Values =
    [
        [0.5, 0.5, 0.25, -1.0986122886681096914, -0.40546510810816438198],
        [2.0, 3.0, 0.5, -0.37469344944141069361, -1.1631508098056808631],
        [0.001, 0.001, 0.3, -0.69399361440466921735, -0.69230146255960268647],
        [0.001, 5.0, 0.9, -2.1866831556400190608e-9, -19.940879983091262497],
        [30.0, 70.0, 0.1, -17.782523301290164755, -1.892989739778436842e-8],
        [30.0, 70.0, 0.31, -0.51594210182362020576, -0.90866476683368363735],
        [30.0, 70.0, 0.6, -6.1793833987367763956e-10, -21.204632437424738324],
        [1000.0, 2000.0, 0.25, -55.314142000087987798, -9.4923415870582074865e-25],
        [100000.0, 100000.0, 0.499, -1.684448436455329241, -0.20523824308117253912],
        [1000000.0, 3.0, 0.99999, -5.8891753164509254201, -0.0027731010110898743647],
        [10000000.0, 0.5, 0.9999999, -1.8496055422258274976, -0.17114330921328228518],
        [5000.0, 50000.0, 0.01, -6778.4910691167595942, -1.3763631993682062247e-2944],
        [10000000.0, 10000000.0, 0.5, -0.69314718055994530942, -0.69314718055994530942],
        [10000000.0, 30000000.0, 0.2500001, -0.69193397467129481305, -0.69436186010515384803],
        [5.0, 1000000.0, 1e-07, -16.383640702062542625, -7.6678792686418118787e-8],
        [30000.0, 2.0, 0.001, -207222.35038393765685, -2.9971000000018716902e-89996],
        [100000.0, 40.0, 0.25, -138298.27545096156616, -6.6391871564644661484e-60063],
    ];

    [Fact]
    public void It_agrees_with_the_table_down_to_the_far_tail()
        => Accuracy.Holds(Values, 3, 2e-12, 1e-15, row => IncompleteBeta.LogRegularized(row[0], row[1], row[2]));

    [Fact]
    public void Its_complement_agrees_with_the_table_without_cancellation()
        => Accuracy.Holds(Values, 4, 2e-12, 1e-15, row => IncompleteBeta.LogComplement(row[0], row[1], row[2]));

    [Fact]
    public void It_agrees_with_MathNet_where_that_is_accurate()
        => Gen.Select(Gen.Double[0.05, 300], Gen.Double[0.05, 300], Gen.Double[0.001, 0.999]).Sample((a, b, x) =>
        {
            double expected = MathNet.Numerics.SpecialFunctions.BetaRegularized(a, b, x);
            Assert.Equal(expected, Math.Exp(IncompleteBeta.LogRegularized(a, b, x)), 1e-11);
            Assert.Equal(1 - expected, Math.Exp(IncompleteBeta.LogComplement(a, b, x)), 1e-11);
        }, iter: 2000);

    [Fact]
    public void It_is_finite_and_at_most_0_over_its_whole_range()
        => Gen.Select(Gen.Double[-12, 15], Gen.Double[-12, 15], Gen.Double[-18, 0]).Sample((logA, logB, logX) =>
        {
            double a = Math.Pow(10, logA);
            double b = Math.Pow(10, logB);
            double x = Math.Min(1 - 1e-16, Math.Pow(10, logX));
            double lower = IncompleteBeta.LogRegularized(Math.Clamp(a, 1e-12, 1e15), Math.Clamp(b, 1e-12, 1e15), x);
            double upper = IncompleteBeta.LogComplement(Math.Clamp(a, 1e-12, 1e15), Math.Clamp(b, 1e-12, 1e15), x);
            Assert.True(double.IsFinite(lower) && lower <= 0, $"{a} {b} {x}: {lower}");
            Assert.True(double.IsFinite(upper) && upper <= 0, $"{a} {b} {x}: {upper}");
        }, iter: 2000);

    [Fact]
    public void The_ends_are_certain_or_refused()
    {
        Assert.Equal(0, IncompleteBeta.LogRegularized(2, 3, 1));
        Assert.Equal(0, IncompleteBeta.LogComplement(2, 3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => IncompleteBeta.LogRegularized(2, 3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => IncompleteBeta.LogComplement(2, 3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => IncompleteBeta.LogRegularized(double.NaN, 3, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => IncompleteBeta.LogRegularized(2, double.NaN, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => IncompleteBeta.LogRegularized(2, 3, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => IncompleteBeta.LogComplement(2, 3, double.NaN));
    }
}
