using AgentSentinel.Core.Statistics;
using BenchmarkDotNet.Attributes;

namespace AgentSentinel.Benchmarks;

/// <summary>What one tail, one fingerprint and one look into a seen set cost. Aim: a surprisal below 300 ns, and nothing allocated.</summary>
[MemoryDiagnoser]
public class StatisticsBenchmark
{
    private readonly FingerprintKey _key = new(1, 2);
    private readonly SeenSet _seen = new();

    [GlobalSetup]
    public void Fill()
    {
        for (ulong i = 0; i < 40; i++)
        {
            _seen.Add(i);
        }
    }

    [Benchmark(Baseline = true)]
    public double NegativeBinomialSurprisal() => NegativeBinomial.Surprisal(200, 40, 0.3);

    [Benchmark]
    public double NegativeBinomialNearTheMean() => NegativeBinomial.Surprisal(45, 40, 0.3);

    [Benchmark]
    public double NegativeBinomialOfTenMillion() => NegativeBinomial.Surprisal(10_010_000, 1e7, 1e-7);

    [Benchmark]
    public double NegativeBinomialMass() => NegativeBinomial.LogMass(200, 40, 0.3);

    [Benchmark]
    public double PoissonSurprisal() => NegativeBinomial.Surprisal(80, 40, 0);

    [Benchmark]
    public double BetaBinomialTail() => BetaBinomial.LogUpperTail(20, 100, 2, 50);

    [Benchmark]
    public double BetaBinomialTailOfAMillion() => BetaBinomial.LogUpperTail(300_000, 1_000_000, 2, 8);

    [Benchmark]
    public double StudentTail() => StudentT.LogUpperTail(6, 12);

    [Benchmark]
    public double NormalTail() => Normal.LogUpperTail(4);

    [Benchmark]
    public double ChiSquaredTail() => ChiSquared.LogUpperTailWilsonHilferty(40, 12);

    [Benchmark]
    public ulong FingerprintOfText() => Fingerprint.Of(_key, "customers/eu/orders-2024");

    [Benchmark]
    public bool SeenSetContains() => _seen.Contains(39);
}
