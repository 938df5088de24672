using AgentSentinel.Core.Statistics;
using CsCheck;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class NegativeBinomialTests
{
    // n, mean, dispersion, ln P[X ≥ n] to 20 digits: DLMF 8.17.22, for dispersion 0 the Gamma series, evaluated with 50 digits.
    private static readonly double[][] Tails =
    [
        [1, 1e-06, 0.0, -13.815511057964232483],
        [1, 1e-06, 1000.0, -13.816010849505978646],
        [1, 10000000.0, 1000.0, -3.782628575056289441],
        [2, 1e-06, 0.3, -28.06180509868747812],
        [10, 1e-06, 0.3, -145.48742213701273836],
        [5, 2.0, 0.0, -2.9440317325720808971],
        [5, 2.0, 1e-09, -2.9440317291449830226],
        [5, 2.0, 1e-07, -2.9440313898623855108],
        [5, 2.0, 0.1, -2.674009030829169549],
        [200, 40.0, 0.3, -10.492880375288318514],
        [1000, 40.0, 0.3, -70.899372840850185196],
        [10000, 40.0, 0.3, -785.93976353105800475],
        [100000, 40.0, 0.3, -7984.4136258359035835],
        [10000000, 40.0, 0.3, -800396.47451244833705],
        [10000000, 1e-06, 0.001, -207222461.57238467671],
        [10000000, 1e-06, 1000.0, -69087570.801310146313],
        [10000000, 10000000.0, 0.0, -0.69306307967907613665],
        [10000000, 10000000.0, 1e-07, -0.69314718055994530941],
        [10010000, 10000000.0, 1e-07, -4.3667859982532769866],
        [10000000, 9990000.0, 1e-07, -4.371120666387878335],
        [10000000, 9990000.0, 1e-09, -7.1022467711475470889],
        [10000000, 9000000.0, 0.001, -8.0015039666364959917],
        [10000000, 10000000.0, 0.3, -0.85067719139897459297],
        [10000000, 5000000.0, 1000.0, -5.1806524846979005492],
        [10000000, 10000000.0, 1000.0, -5.065246717795188884],
        [1000000, 10000000.0, 1.0, -0.099999995000000333333],
        [100, 1000.0, 0.2, -0.00018625891696723548598],
        [3, 10000.0, 0.5, -2.3984010073476361807e-7],
        [50, 100.0, 0.0, -1.1784500790416651613e-8],
        [1000, 10.0, 0.0, -3619.5330453507496695],
        [1000000, 10.0, 0.0, -10512943.2916541239],
        [999000, 1000000.0, 0.0, -0.17260996540313072307],
        [1000000, 999000.0, 0.0, -1.8410218993793995822],
        [1003000, 1000000.0, 0.0, -6.6017162761894839153],
        [10000000, 1.0, 1e-08, -150696846.85674880476],
        [100000, 99000.0, 1e-06, -6.6908712714606429179],
        [37, 12.5, 2.75, -2.3139650267821081181],
        [400, 12.5, 2.75, -13.958439564428661178],
    ];

    private static readonly Gen<(long N, double Mean, double Dispersion)> Arguments =
        Gen.Select(Gen.Double[0, 7], Gen.Double[-6, 7], Gen.Double[-12, 3]).Select((n, mean, dispersion) =>
            ((long)Math.Pow(10, n), Math.Pow(10, mean), dispersion < -11 ? 0 : Math.Pow(10, dispersion)));

    [Fact]
    public void Its_tail_agrees_with_the_table_over_the_whole_range()
        => Accuracy.Holds(Tails, 3, 1e-12, 1e-15, row => NegativeBinomial.LogUpperTail((long)row[0], row[1], row[2]));

    [Fact]
    public void Its_tail_as_a_probability_is_that_of_its_logarithm() => Arguments.Sample(
        a =>
        {
            foreach (var n in (long[])[0, 1, 2, 24, 25, a.N])
            {
                var log = NegativeBinomial.LogUpperTail(n, a.Mean, a.Dispersion);
                var tail = NegativeBinomial.UpperTail(n, a.Mean, a.Dispersion);
                Assert.True(Math.Abs(tail - Math.Exp(log)) <= (2e-12 + (2e-15 * Math.Abs(log))) * tail, $"n {n}, {a}: {tail} for {Math.Exp(log)}");
            }
        },
        iter: 20_000);

    [Fact]
    public void Its_mass_agrees_with_MathNet()
    {
        foreach ((double mean, double dispersion) in ((double, double)[])[(40, 0.3), (2, 5), (500, 0.01), (0.1, 2)])
        {
            double size = 1 / dispersion;
            var expected = new MathNet.Numerics.Distributions.NegativeBinomial(size, size / (size + mean));
            for (int n = 0; n < 1000; n += 7)
            {
                Assert.Equal(expected.ProbabilityLn(n), NegativeBinomial.LogMass(n, mean, dispersion), 1e-10);
            }
        }
    }

    [Fact]
    public void Its_tail_is_the_sum_of_its_masses()
    {
        foreach ((double mean, double dispersion) in ((double, double)[])[(40, 0.3), (2, 5), (500, 0.0), (0.1, 2), (300, 1e-9)])
        {
            double above = NegativeBinomial.LogUpperTail(5000, mean, dispersion);
            for (int n = 4999; n >= 0; n--)
            {
                above = LogSum.Of([above, NegativeBinomial.LogMass(n, mean, dispersion)]);
                Assert.Equal(NegativeBinomial.LogUpperTail(n, mean, dispersion), above, 1e-11);
            }
        }
    }

    [Fact]
    public void It_falls_in_n_and_rises_with_the_mean()
        => Arguments.Sample(a =>
        {
            double tail = NegativeBinomial.LogUpperTail(a.N, a.Mean, a.Dispersion);
            double slack = 1e-11 + 2e-15 * (Math.Abs(tail) + Math.Abs(a.N - a.Mean));
            Assert.True(double.IsFinite(tail) && tail <= 0);
            Assert.True(NegativeBinomial.LogUpperTail(a.N + 1, a.Mean, a.Dispersion) <= tail + slack, "n");
            Assert.True(NegativeBinomial.LogUpperTail(2 * a.N, a.Mean, a.Dispersion) <= tail + slack, "2n");
            Assert.True(NegativeBinomial.LogUpperTail(a.N, 1.01 * a.Mean, a.Dispersion) >= tail - slack, "mean");
        }, iter: 4000);

    [Fact]
    public void A_dispersion_that_vanishes_meets_Poisson_without_a_step()
        => Gen.Select(Gen.Double[0, 7], Gen.Double[-6, 7]).Sample((logN, logMean) =>
        {
            long n = (long)Math.Pow(10, logN);
            double mean = Math.Pow(10, logMean);
            double reach = Math.Max(n, mean) + 1;
            double seam = 1e-13 / (reach * reach);
            double poisson = NegativeBinomial.LogUpperTail(n, mean, 0);
            double slack = 2e-12 + 2e-15 * (Math.Abs(poisson) + Math.Abs(n - mean));
            Assert.Equal(poisson, NegativeBinomial.LogUpperTail(n, mean, seam * 0.999), slack);
            Assert.Equal(poisson, NegativeBinomial.LogUpperTail(n, mean, seam * 1.001), slack);
            double mass = NegativeBinomial.LogMass(n, mean, 0);
            Assert.Equal(mass, NegativeBinomial.LogMass(n, mean, seam * 1.001), 2e-12 + 2e-15 * (Math.Abs(mass) + Math.Abs(n - mean)));
        }, iter: 2000);

    [Fact]
    public void The_quantile_is_the_smallest_count_whose_tail_is_within_the_probability()
        => Gen.Select(Gen.Double[-300, 0], Gen.Double[-6, 7], Gen.Double[-12, 3]).Sample((logP, logMean, logDispersion) =>
        {
            double mean = Math.Pow(10, logMean);
            double dispersion = Math.Pow(10, logDispersion);
            double p = Math.Pow(10, logP);
            long n = NegativeBinomial.UpperQuantile(p, mean, dispersion);
            Assert.True(NegativeBinomial.LogUpperTail(n, mean, dispersion) <= Math.Log(p));
            Assert.True(n == 0 || NegativeBinomial.LogUpperTail(n - 1, mean, dispersion) > Math.Log(p));
            Assert.True(NegativeBinomial.UpperQuantile(p * 0.1, mean, dispersion) >= n);
        }, iter: 150);

    [Fact]
    public void A_quantile_reaches_beyond_what_a_double_can_hold_as_a_probability()
    {
        long n = NegativeBinomial.UpperQuantileOfLog(-1e5, 40, 0.3);
        Assert.True(NegativeBinomial.LogUpperTail(n, 40, 0.3) <= -1e5);
        Assert.True(NegativeBinomial.LogUpperTail(n - 1, 40, 0.3) > -1e5);
        Assert.Equal(NegativeBinomial.LargestCount, NegativeBinomial.UpperQuantileOfLog(-1e300, 40, 0.3));
        Assert.Equal(0, NegativeBinomial.UpperQuantile(1, 40, 0.3));
        Assert.Equal(1, NegativeBinomial.UpperQuantile(0.5, 1e-6, 0));
    }

    [Fact]
    public void Surprisal_is_in_decades_and_never_negative()
    {
        Assert.Equal(0, NegativeBinomial.Surprisal(0, 5, 0.1));
        Assert.Equal(0, NegativeBinomial.Surprisal(-3, 5, 0.1));
        Assert.Equal(6, NegativeBinomial.Surprisal(1, 1e-6, 0), 1e-6);
        Assert.True(NegativeBinomial.Surprisal(3, 5, 0.1) is > 0 and < 0.2);
        Assert.True(double.IsFinite(NegativeBinomial.Surprisal(NegativeBinomial.LargestCount, 1e-100, 0)));
        Assert.True(double.IsFinite(NegativeBinomial.Surprisal(NegativeBinomial.LargestCount, 1e-100, 1e6)));
        Assert.True(double.IsFinite(NegativeBinomial.Surprisal(1, 1e12, 1e6)));
    }

    [Theory]
    [InlineData(double.NaN, 0.1)]
    [InlineData(0, 0.1)]
    [InlineData(-1, 0.1)]
    [InlineData(double.PositiveInfinity, 0.1)]
    [InlineData(1, double.NaN)]
    [InlineData(1, -0.1)]
    [InlineData(1, double.PositiveInfinity)]
    public void Arguments_outside_the_range_are_refused(double mean, double dispersion)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NegativeBinomial.LogUpperTail(0, mean, dispersion));
        Assert.Throws<ArgumentOutOfRangeException>(() => NegativeBinomial.LogMass(3, mean, dispersion));
        Assert.Throws<ArgumentOutOfRangeException>(() => NegativeBinomial.UpperQuantile(0.1, mean, dispersion));
    }

    [Fact]
    public void Counts_and_probabilities_outside_the_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NegativeBinomial.LogMass(-1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NegativeBinomial.LogUpperTail(long.MaxValue, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NegativeBinomial.UpperQuantile(0, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NegativeBinomial.UpperQuantile(double.NaN, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NegativeBinomial.UpperQuantileOfLog(double.NegativeInfinity, 1, 0));
    }
}
