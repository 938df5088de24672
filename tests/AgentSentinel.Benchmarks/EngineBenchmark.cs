using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using BenchmarkDotNet.Attributes;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What it costs to detect, per call: all standard detectors over a simulated fleet of 200 agents that goes on and on. Aim: 1 µs and 50 bytes.
/// </summary>
[MemoryDiagnoser]
public class EngineBenchmark
{
    private const int Count = 200_000;

    private readonly ToolCall[] _calls = SomeFleet.Calls(200, Count);
    private readonly DetectionOutput _output = new();
    private DetectionEngine _engine = null!;
    private TimeSpan _span;

    [GlobalSetup]
    public void Learn()
    {
        var options = new DetectionOptions();
        _engine = new DetectionEngine(options, StandardDetectors.Create(new DetectorsOptions(), options.CreateFingerprintKey()), new VolatileState());

        // Whole weeks, so that the fleet's rhythm goes on where it ended.
        var recorded = _calls[^1].Time - _calls[0].Time;
        _span = TimeSpan.FromDays(7 * Math.Ceiling(recorded.TotalDays / 7));
        Process();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public long Process()
    {
        foreach (var call in _calls)
        {
            _engine.Process(call, call.Time, _output);
            call.Time += _span;
        }

        _output.Clear();
        return _engine.AcceptedEvents;
    }
}
