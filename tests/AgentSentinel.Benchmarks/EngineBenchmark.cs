using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using BenchmarkDotNet.Attributes;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What it costs to detect, per call: all standard detectors over a week of a simulated fleet of 80 agents that goes on and on, with the minutes in which
/// nobody calls: nearly four of an agent's for each call. Aim: 2 µs and 50 bytes.
/// </summary>
[MemoryDiagnoser]
public class EngineBenchmark
{
    private const int Count = 200_000;

    private static readonly string[] Behaviour = ["novelty", "sequence", "repetition", "lineage", "data-mixing", "secrets", "credential-use"];

    /// <summary>Which detectors take part.</summary>
    [Params("all", "behaviour", "none")]
    public string Detectors { get; set; } = "all";

    private readonly ToolCall[] _calls = SomeFleet.Calls(80, Count);
    private readonly DetectionOutput _output = new();
    private DetectionEngine _engine = null!;
    private TimeSpan _span;

    [GlobalSetup]
    public void Learn()
    {
        var options = new DetectionOptions();
        var detectors = StandardDetectors.Create(new DetectorsOptions(), options.CreateFingerprintKey())
            .Where(d => Detectors == "all" || (Detectors == "behaviour" && Behaviour.Contains(d.Name)));
        _engine = new DetectionEngine(options, [.. detectors], new VolatileState());

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
