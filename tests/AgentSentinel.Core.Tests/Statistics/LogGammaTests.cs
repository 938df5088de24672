using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class LogGammaTests
{
    // x, ln Γ(x) to 20 digits (mpmath.loggamma at 50 digits).
    private static readonly double[][] Values =
    [
        [1e-300, 690.77552789821370518],
        [1e-10, 23.025850929882735237],
        [0.1, 2.252712651734205902],
        [0.4999, 0.57256131860411841589],
        [0.5, 0.57236494292470008707],
        [0.75, 0.20328095143129537148],
        [0.999999, 5.7721648738556523794e-7],
        [1.000001, -5.7721484238741466506e-7],
        [1.25, -0.098271836421813161464],
        [1.4616321449683622, -0.1214862905358496081],
        [1.5, -0.12078223763524522235],
        [1.999999, -4.2278401259658537019e-7],
        [2.000001, 4.227846576245292362e-7],
        [2.25, 0.1248717148923965943],
        [2.5, 0.28468287047291915963],
        [3, 0.69314718055994530942],
        [3.75, 1.4868155785934170555],
        [5, 3.1780538303479456196],
        [7.5, 7.5343642367587329552],
        [9.99, 12.77931521435019336],
        [10, 12.801827480081469611],
        [10.5, 13.940625219403763633],
        [25, 54.78472939811231919],
        [100, 359.13420536957539878],
        [1000.0, 5905.2204232091812118],
        [100000.0, 1051287.7089736568949],
        [10000000.0, 151180949.36947391394],
        [10000000000.0, 2.2025850928881058147e+11],
        [1000000000000000.0, 3.353877639491066891e+16],
        [1e+100, 2.2925850929940457206e+102],
        [1e+300, 6.8977552789821374147e+302],
    ];

    // x, a, ln Γ(x + a) − ln Γ(x) to 20 digits (50 digits subtracted).
    private static readonly double[][] Differences =
    [
        [1000000000000.0, 0.5, 13.815510557964149104],
        [1000000000000.0, -3.0, -82.893063347779644625],
        [1000000000000.0, 1000000.0, 27631021.615927881542],
        [1000000000000.0, 10000000000000.0, 2.9268705916006635912e+14],
        [1000000000.0, 1e-06, 0.000020723265836446410718],
        [100.0, 1e-09, 4.60016185274311277e-9],
        [3.0, 1e-09, 9.2278433529593423026e-10],
        [0.5, 1e-06, -1.9635075586231279136e-6],
        [0.001, 5.0, -3.7276188267141291023],
        [5.0, 0.01, 0.015072234709399379379],
        [9.5, 1.0, 2.2512917986064951506],
        [12.0, -11.5, -16.929942902949185752],
        [1e-05, 10000000.0, 151180937.856715402],
        [2000000.0, 0.25, 3.6271643877560529003],
        [10.0, 1000000000000.0, 2.663102111617916002e+13],
        [1.46, 0.001, -1.0961501219753140155e-6],
    ];

    // a, b, ln B(a, b) to 20 digits.
    private static readonly double[][] Betas =
    [
        [1.0, 1.0, 0.0],
        [0.5, 0.5, 1.1447298858494001741],
        [0.001, 1000.0, 6.900271629687954933],
        [3.0, 1000000000.0, -61.476650333279288157],
        [10.0, 10.0, -13.736229227036554814],
        [11.0, 1000000.0, -136.86625856433900086],
        [1000000.0, 1000000.0, -1386300.0033629211163],
        [10000000.0, 3.0, -47.661140072314989055],
        [1000000000000.0, 1000000000000.0, -1.3862943611324406173e+12],
        [1e-300, 5.0, 690.77552789821370518],
        [20.0, 30.0, -33.968820791977382963],
    ];

    [Fact]
    public void It_agrees_with_the_table_to_1e14_at_the_zeros_too()
        => Accuracy.Holds(Values, 1, 0, 1e-14, row => LogGamma.Of(row[0]));

    [Fact]
    public void It_agrees_with_MathNet_on_a_wide_grid()
    {
        for (double x = 1e-6; x < 1e12; x *= 1.07)
        {
            double expected = MathNet.Numerics.SpecialFunctions.GammaLn(x);
            Assert.Equal(expected, LogGamma.Of(x), 1e-12 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Fact]
    public void Its_recurrence_holds_across_every_seam()
    {
        for (double x = 0.05; x < 14; x += 0.05)
        {
            Assert.Equal(Math.Log(x), LogGamma.Of(x + 1) - LogGamma.Of(x), 1e-13);
        }
    }

    [Fact]
    public void A_difference_keeps_its_digits_where_both_ends_agree_in_all_of_theirs()
        => Accuracy.Holds(Differences, 2, 1e-15, 4e-15, row => LogGamma.Difference(row[0], row[1]));

    [Fact]
    public void The_Beta_function_agrees_with_the_table()
        => Accuracy.Holds(Betas, 2, 1e-14, 1e-14, row => LogBeta.Of(row[0], row[1]));

    [Fact]
    public void The_Beta_function_is_symmetric()
        => Assert.Equal(LogBeta.Of(0.3, 1e7), LogBeta.Of(1e7, 0.3));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_has_no_finite_value_is_refused(double x)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LogGamma.Of(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogGamma.Difference(x, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogGamma.Difference(1, x - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogBeta.Of(x, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogBeta.Of(1, x));
    }
}
