using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Checkpoints;
using BenchmarkDotNet.Attributes;

namespace AgentSentinel.Benchmarks;

/// <summary>What a checkpoint costs, per profile: 150 agents of a simulated fleet after 200,000 calls, to memory and to SQLite, and back.</summary>
[MemoryDiagnoser]
public class CheckpointBenchmark
{
    private const int Agents = 200;
    private const int Batch = 150;
    private const int Calls = 200_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("sentinel-bench-").FullName;
    private readonly DetectionOptions _options = new();
    private readonly VolatileState _state = new();
    private readonly Dictionary<StateKey, byte[]> _pieces = [];
    private CheckpointStore _store = null!;
    private long _offset;

    [GlobalSetup]
    public void Learn()
    {
        var engine = Open(_state);
        var output = new DetectionOutput();
        foreach (var call in SomeFleet.Calls(Agents, Calls))
        {
            engine.Process(call, call.Time, output);
        }

        engine.Save(_state);
        // Rare agents may not have acted yet: a fixed number of those that have.
        foreach (var id in _state.Ids(StateKind.Profile).Take(Batch))
        {
            _state.TryRead(new StateKey(StateKind.Profile, id), out var bytes);
            _pieces.Add(new StateKey(StateKind.Profile, id), bytes.ToArray());
        }

        Console.WriteLine($"// saved bytes per profile: {_pieces.Values.Average(p => p.Length):0}, at most {_pieces.Values.Max(p => p.Length)}");
        _store = CheckpointStore.Open(Path.Combine(_folder, "bench.sqlite"), survivesPowerLoss: false);
    }

    [GlobalCleanup]
    public void Delete()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Reads profiles back: decoding only, from memory.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public long Load()
    {
        var engine = Open(_state);
        return _pieces.Keys.Sum(key => engine.Find(key.Id)!.Events);
    }

    /// <summary>Writes profiles to SQLite in one transaction: what a checkpoint does.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public long Write()
    {
        _store.Write(++_offset, writer =>
        {
            foreach (var (key, bytes) in _pieces)
            {
                writer.Write(key, bytes);
            }
        });
        return _offset;
    }

    private DetectionEngine Open(IStateReader state) =>
        new(_options, StandardDetectors.Create(new DetectorsOptions(), _options.CreateFingerprintKey()), state);
}
