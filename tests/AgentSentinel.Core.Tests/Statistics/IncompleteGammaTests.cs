using AgentSentinel.Core.Statistics;
using CsCheck;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class IncompleteGammaTests
{
    // a, x, ln P(a, x), ln Q(a, x) to 20 digits: series and continued fraction evaluated with 50 digits.
    private static readonly double[][] Values =
    [
        [0.5, 0.001, -3.3334286907475343338, -0.036322332917113242805],
        [0.5, 2.0, -0.046567912292390163548, -3.0900371531220866394],
        [0.5, 50.0, -1.5239706048321052132e-23, -52.538137969952525269],
        [1.0, 1.0, -0.45867514538708189102, -1.0],
        [3.0, 0.01, -15.614768151150607131, -1.6542166648965080424e-7],
        [3.0, 30.0, -4.5010166481134197393e-11, -23.82413272989423882],
        [0.001, 0.001, -0.0063323604323769850738, -5.0652467256583059482],
        [0.001, 5.0, -1.1509820021103913402e-6, -13.674895640579352998],
        [50.0, 20.0, -18.20082851673024756, -1.2458926157331799409e-8],
        [50.0, 50.0, -0.6562207983875686789, -0.73148957572927053761],
        [50.0, 120.0, -1.6008226793346110023e-13, -29.463088537235263732],
        [999.0, 1000.0, -0.66006090711064769505, -0.72736572494617032029],
        [1000.0, 1000.0, -0.68477186329031014615, -0.70159323664597249568],
        [1000.0, 650.0, -84.111216549532941719, -2.9577590125593029231e-37],
        [1000.0, 1350.0, -7.6354085162285913203e-24, -53.229245788890495137],
        [1000.0, 300.0, -507.98963933001367498, -2.4149201482967856032e-221],
        [1000.0, 3000.0, -2.1468886394642806609e-394, -906.4545069900744686],
        [10000.0, 9900.0, -1.8410472463668294718, -0.17274895136141594543],
        [10000.0, 10500.0, -4.2758733692141704533e-7, -14.665107486336821732],
        [100000.0, 100000.0, -0.69230648981872485334, -0.69398857865679716536],
        [1000000.0, 1003000.0, -0.0013626686575809064852, -6.5989915106665515478],
        [1000000.0, 900000.0, -5366.0398566076870475, -3.6182669258435389895e-2331],
        [12.25, 700.0, -1.3826315879711556278e-280, -644.39983740727525298],
    ];

    [Fact]
    public void The_lower_one_agrees_with_the_table()
        => Accuracy.Holds(Values, 2, 1e-13, 1e-15, row => IncompleteGamma.LogLower(row[0], row[1]));

    [Fact]
    public void The_upper_one_agrees_with_the_table()
        => Accuracy.Holds(Values, 3, 1e-13, 1e-15, row => IncompleteGamma.LogUpper(row[0], row[1]));

    [Fact]
    public void They_agree_with_MathNet_where_that_is_accurate()
        => Gen.Select(Gen.Double[0.05, 300], Gen.Double[0.01, 500]).Sample((a, x) =>
        {
            double expected = MathNet.Numerics.SpecialFunctions.GammaLowerRegularized(a, x);
            Assert.Equal(expected, Math.Exp(IncompleteGamma.LogLower(a, x)), 1e-11);
            Assert.Equal(1 - expected, Math.Exp(IncompleteGamma.LogUpper(a, x)), 1e-11);
        }, iter: 2000);

    [Fact]
    public void The_uniform_expansion_meets_the_series_without_a_step()
    {
        // At a = 1000 the method changes; the mass of one more or less is known exactly.
        for (double x = 620; x < 1380; x += 20)
        {
            double below = IncompleteGamma.LogLower(999, x);
            double at = IncompleteGamma.LogLower(1000, x);
            double mass = IncompleteGamma.LogPower(999, x);
            Assert.Equal(below, LogSum.Of([at, mass]), 1e-12);
        }
    }

    [Fact]
    public void They_are_finite_and_at_most_0_over_their_whole_range()
        => Gen.Select(Gen.Double[-12, 15], Gen.Double[-15, 15]).Sample((logA, logX) =>
        {
            double a = Math.Clamp(Math.Pow(10, logA), 1e-12, 1e15);
            double x = Math.Clamp(Math.Pow(10, logX), 1e-15, 1e15);
            double lower = IncompleteGamma.LogLower(a, x);
            double upper = IncompleteGamma.LogUpper(a, x);
            Assert.True(double.IsFinite(lower) && lower <= 0, $"{a} {x}: {lower}");
            Assert.True(double.IsFinite(upper) && upper <= 0, $"{a} {x}: {upper}");
        }, iter: 2000);

    [Fact]
    public void The_ends_are_certain_or_refused()
    {
        Assert.Equal(0, IncompleteGamma.LogUpper(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => IncompleteGamma.LogLower(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => IncompleteGamma.LogLower(double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => IncompleteGamma.LogUpper(1, double.NaN));
    }
}
