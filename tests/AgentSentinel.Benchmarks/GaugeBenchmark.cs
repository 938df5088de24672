using AgentSentinel.Core.Series;
using BenchmarkDotNet.Attributes;

namespace AgentSentinel.Benchmarks;

/// <summary>A row of a gauge: a month of five-minute values with a daily rhythm.</summary>
[MemoryDiagnoser]
public class GaugeBenchmark
{
    private const int Rows = 8640;

    private readonly double[] _values = new double[Rows];

    [GlobalSetup]
    public void Draw()
    {
        var random = new Random(1);
        for (var i = 0; i < Rows; i++)
        {
            _values[i] = 100 + (30 * Math.Sin(i * 2 * Math.PI / 288)) + (10 * random.NextDouble());
        }
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public double Push()
    {
        var scorer = new GaugeScorer(30);
        var time = DateTimeOffset.UnixEpoch;
        var sum = 0.0;
        foreach (var value in _values)
        {
            sum += scorer.Push(time, value).AnomalyScore;
            time = time.AddMinutes(5);
        }

        return sum;
    }
}
