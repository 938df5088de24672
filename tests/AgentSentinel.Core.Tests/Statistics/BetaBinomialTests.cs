using AgentSentinel.Core.Statistics;
using CsCheck;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class BetaBinomialTests
{
    // k, n, α, β, ln P[X ≥ k] to 20 digits: all masses added up with 40 digits.
    private static readonly double[][] Tails =
    [
        [1, 1, 1.0, 1.0, -0.69314718055994530942],
        [1, 10, 0.5, 100.0, -3.0651734301075356212],
        [10, 10, 0.5, 100.0, -33.167599240061049477],
        [3, 20, 1e-06, 1.0, -13.074651278038868345],
        [3, 20, 0.001, 1000000.0, -40.620898120936660945],
        [200, 1000, 2.0, 50.0, -8.497227500305630465],
        [50, 1000, 50.0, 950.0, -0.68907267776162297171],
        [900, 1000, 10000.0, 200000.0, -2386.0861205226694653],
        [1000, 1000, 1000000000.0, 1000000000000.0, -6908.7542803143880007],
        [40, 5000, 0.3, 0.3, -0.1394078482469820971],
        [2600, 5000, 0.3, 0.3, -0.7107846643372463189],
        [1500, 5000, 3.0, 7.0, -0.76981717454459641897],
        [3000, 5000, 3.0, 7.0, -3.6815651899729752731],
        [10, 100000, 0.5, 0.5, -0.0063070825412052625628],
        [60000, 100000, 0.5, 0.5, -0.83032095462895160177],
        [31000, 100000, 300.0, 700.0, -1.407522064940461076],
        [34000, 100000, 3000.0, 7000.0, -36.191992573982483215],
        [1, 1000000, 0.01, 0.01, -0.56753887226273561066],
        [500000, 1000000, 0.01, 0.01, -0.69314716083209346182],
        [999000, 1000000, 0.2, 0.1, -1.0690411412930172635],
        [300000, 1000000, 2.0, 8.0, -1.6296150443266573597],
        [100500, 1000000, 1000000000.0, 9000000000.0, -3.0356568166502088333],
        [105000, 1000000, 1000000000.0, 9000000000.0, -140.5767013942407557],
        [999999, 1000000, 5.0, 0.001, -0.011309790399579735957],
        [900000, 1000000, 20.0, 30.0, -40.438045339260969675],
        [20000, 1000000, 1e-06, 4.0, -13.055585449371700505],
    ];

    private static readonly Gen<(long K, long N, double Alpha, double Beta)> Arguments =
        Gen.Select(Gen.Double[0, 6], Gen.Double[0, 1], Gen.Double[-6, 6], Gen.Double[-6, 6]).Select((n, share, alpha, beta) =>
        {
            long calls = (long)Math.Pow(10, n);
            return ((long)(share * calls), calls, Math.Pow(10, alpha), Math.Pow(10, beta));
        });

    [Fact]
    public void Its_tail_agrees_with_the_table_summed_directly_and_by_panels()
        => Accuracy.Holds(Tails, 4, 1e-11, 1e-15, row => BetaBinomial.LogUpperTail((long)row[0], (long)row[1], row[2], row[3]));

    [Fact]
    public void Its_masses_add_up_to_its_tail()
    {
        foreach ((double alpha, double beta) in ((double, double)[])[(0.01, 0.02), (1, 30), (200, 3), (1e6, 1e7)])
        {
            double above = BetaBinomial.LogMass(3000, 3000, alpha, beta);
            for (int k = 2999; k >= 0; k--)
            {
                above = LogSum.Of([above, BetaBinomial.LogMass(k, 3000, alpha, beta)]);
                Assert.Equal(BetaBinomial.LogUpperTail(k, 3000, alpha, beta), above, 1e-9 + 1e-13 * Math.Abs(above));
            }
        }
    }

    [Fact]
    public void A_certain_probability_gives_the_binomial_tail()
    {
        // I_p(k, n − k + 1) with p = 0.02; Beta(2e10, 98e10) is that certain.
        double binomial = IncompleteBeta.LogRegularized(50, 951, 0.02);
        Assert.Equal(binomial, BetaBinomial.LogUpperTail(50, 1000, 2e10, 98e10), 1e-6);
    }

    [Fact]
    public void It_falls_in_k_and_is_finite_over_the_whole_range()
        => Arguments.Sample(a =>
        {
            double tail = BetaBinomial.LogUpperTail(a.K, a.N, a.Alpha, a.Beta);
            Assert.True(double.IsFinite(tail) && tail <= 0, $"{tail}");
            long next = Math.Min(a.N, a.K + 1 + a.K / 100);
            double later = BetaBinomial.LogUpperTail(next, a.N, a.Alpha, a.Beta);
            Assert.True(later <= tail + 1e-8 + 1e-12 * Math.Abs(tail), $"{later} after {tail}");
        }, iter: 2000);

    [Fact]
    public void Nothing_is_allocated()
    {
        BetaBinomial.LogUpperTail(3000, 50_000, 2, 8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            BetaBinomial.LogUpperTail(3000 + i, 50_000, 2, 8);
            NegativeBinomial.Surprisal(200 + i, 40, 0.3);
            StudentT.LogUpperTail(i, 5);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Impossible_and_undefined_arguments_are_refused()
    {
        Assert.Equal(0, BetaBinomial.LogUpperTail(0, 0, 1, 1));
        Assert.Equal(0, BetaBinomial.LogUpperTail(-2, 5, 1, 1));
        Assert.Equal(0, BetaBinomial.LogMass(0, 0, 1, 1));
        Assert.True(double.IsFinite(BetaBinomial.LogUpperTail(BetaBinomial.LargestCount, BetaBinomial.LargestCount, 1e-6, 1e12)));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaBinomial.LogUpperTail(6, 5, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaBinomial.LogUpperTail(0, -1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaBinomial.LogUpperTail(1, 5, double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaBinomial.LogUpperTail(1, 5, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaBinomial.LogMass(-1, 5, 1, 1));
    }
}
