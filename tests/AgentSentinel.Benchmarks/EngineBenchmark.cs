using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using BenchmarkDotNet.Attributes;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What it costs to detect, per call: all standard detectors over a week of a simulated fleet of 80 agents that goes on and on, with the minutes in which
/// nobody calls: nearly four of an agent's for each call. As in the line a call is decoded right before, into the same object: what is detected is the difference of the
/// two. Aim: 2 µs and 50 bytes. The first passes are slower, while the runtime compiles what turns out to be called often: they warm up.
/// </summary>
[MemoryDiagnoser]
[WarmupCount(12)]
public class EngineBenchmark
{
    private const int Count = 200_000;

    private static readonly string[] Behaviour = ["novelty", "sequence", "repetition", "lineage", "data-mixing", "secrets", "credential-use"];

    /// <summary>Which detectors take part.</summary>
    [Params("all", "behaviour", "none")]
    public string Detectors { get; set; } = "all";

    private readonly byte[][] _records = [.. SomeFleet.Events(80, Count).Select(e => e.Json)];
    private readonly ToolCallDecoder _decoder = new(new DecoderOptions());
    private readonly ToolCall _call = new();
    private readonly DetectionOutput _output = new();
    private DetectionEngine _engine = null!;
    private TimeSpan _recorded;
    private TimeSpan _passed;

    [GlobalSetup]
    public void Learn()
    {
        var options = new DetectionOptions();
        var detectors = StandardDetectors.Create(new DetectorsOptions(), options.CreateFingerprintKey())
            .Where(d => Detectors == "all" || (Detectors == "behaviour" && Behaviour.Contains(d.Name)));
        _engine = new DetectionEngine(options, [.. detectors], new VolatileState());

        // Whole weeks, so that the fleet's rhythm goes on where it ended.
        _recorded = TimeSpan.FromDays(7 * Math.Ceiling((TimeOf(^1) - TimeOf(0)).TotalDays / 7));
        Detect();
    }

    /// <summary>The calls are decoded, and that is all.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public long Decode()
    {
        var ticks = 0L;
        foreach (var record in _records)
        {
            ticks += Next(record).Time.UtcTicks;
        }

        return ticks;
    }

    /// <summary>The calls are decoded and processed.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public long Detect()
    {
        foreach (var record in _records)
        {
            var call = Next(record);
            call.Time += _passed;
            _engine.Process(call, call.Time, _output);
        }

        _passed += _recorded;
        _output.Clear();
        return _engine.AcceptedEvents;
    }

    private DateTimeOffset TimeOf(Index record) => Next(_records[record]).Time;

    private ToolCall Next(byte[] record) =>
        _decoder.TryDecode(record, DateTimeOffset.MaxValue.AddDays(-1), _call, out var error) ? _call : throw new InvalidOperationException(error.ReasonName);
}
