using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;
using BenchmarkDotNet.Attributes;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What a minute of one agent costs, silent minutes included: the calls channel alone, and all channels of the volume family. Aim: 0.5 µs and 2 µs.
/// </summary>
[MemoryDiagnoser]
public class VolumeBenchmark
{
    private const int Minutes = 14 * 1440;

    private static readonly DateTimeOffset Begin = new(2025, 3, 3, 0, 0, 0, TimeSpan.Zero);

    private readonly int[][] _counts = [.. Enumerable.Range(0, 8).Select(number => new CountFleet(9, 14).Agent(number).Counts)];
    private readonly CountSeries[] _series = [.. Enumerable.Range(0, 8).Select(_ => new CountSeries(30))];
    private readonly ToolCall _call = new() { AgentId = "agent", Tool = "crm.read", Records = 3, ResultBytes = 900, Tokens = 40 };
    private readonly AgentWindow _window = new();
    private Detector[] _detectors = [];
    private Baseline[][] _baselines = [];
    private int _days;

    [GlobalSetup]
    public void Learn()
    {
        _detectors = [.. StandardDetectors.Create(new DetectorsOptions(), new FingerprintKey(1, 2)).Where(d => d.Name is "volume" or "records-per-call" or "fan-out" or "tool-mix")];
        _baselines = [.. _series.Select(_ => _detectors.Select(d => d.CreateBaseline("agent")).ToArray())];
        Calls();
        AllChannels();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = 8 * Minutes)]
    public double Calls()
    {
        var sum = 0.0;
        _days += 14;
        for (var a = 0; a < _series.Length; a++)
        {
            for (var t = 0; t < Minutes; t++)
            {
                sum += _series[a].Push(Begin.AddDays(_days).AddMinutes(t), _counts[a][t]).AnomalyScore;
            }
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = 8 * Minutes)]
    public double AllChannels()
    {
        var sum = 0.0;
        _days += 14;
        for (var a = 0; a < _series.Length; a++)
        {
            for (var t = 0; t < Minutes; t++)
            {
                sum += _counts[a][t] > 0 ? Minute(_baselines[a], Begin.AddDays(_days).AddMinutes(t), _counts[a][t]) : 0;
            }
        }

        return sum;
    }

    /// <summary>A minute's calls, each scored as it comes, and the window when it closes.</summary>
    private double Minute(Baseline[] baselines, DateTimeOffset time, int calls)
    {
        _window.Open("agent", time);
        _call.Time = time;
        var sum = 0.0;
        for (var i = 0; i < calls; i++)
        {
            _window.Add(_call, (ulong)i + 1);
            foreach (var baseline in baselines)
            {
                sum += baseline.Score(_call, _window).Surprisal;
                baseline.Learn(_call, LearningGate.Open);
            }
        }

        foreach (var baseline in baselines)
        {
            sum += baseline.Score(_window).Surprisal;
            baseline.Learn(_window, LearningGate.Open);
        }

        return sum;
    }
}
