using AgentSentinel.MachineLearning.Series;
using BenchmarkDotNet.Attributes;

namespace AgentSentinel.Benchmarks;

/// <summary>What an engine costs per value at a window of 60. Aim: at most 500 ns, and nothing allocated.</summary>
[MemoryDiagnoser]
public class SeriesBenchmark
{
    private const int Values = 1000;

    private readonly float[] _series = SeriesPlans.Series(Values + 720);
    private SeriesEngine _engine = null!;

    [ParamsAllValues]
    public EngineKind Kind { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _engine = SeriesPlans.Of(Kind, _series).CreateEngine();
        foreach (var value in _series)
        {
            _engine.Push(value);
        }
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public double Push()
    {
        var sum = 0.0;
        foreach (var value in _series.AsSpan(0, Values))
        {
            sum += _engine.Push(value).Raw;
        }

        return sum;
    }
}
