using System.Buffers;
using System.Runtime.CompilerServices;
using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Tests;

namespace AgentSentinel.Simulator.Tests;

/// <summary>What the detectors of behaviour remember of an agent of the simulated fleet, after two weeks.</summary>
[Collection("alone")]
public sealed class DetectorStateTests
{
    private const int Few = 120;
    private const int Many = 240;

    private static readonly string[] Behaviour = ["novelty", "sequence", "repetition", "lineage", "data-mixing", "secrets", "credential-use"];

    [Fact]
    public void An_agents_behaviour_takes_four_kilobytes_on_average()
    {
        // All are filled before any is let go: what other tests left behind is freed by and by, and that must not take long enough to be counted.
        var held = new DetectionEngine?[4];
        Fill(held, 0, Many, Behaviour);
        Fill(held, 1, Few, Behaviour);
        Fill(held, 2, Many, []);
        Fill(held, 3, Few, []);

        // The difference of two fleets leaves out what a partition has once; what there is without any detector, windows of calls.
        var live = (Freed(held, 0) - Freed(held, 1) - Freed(held, 2) + Freed(held, 3)) / (Many - Few);
        TestContext.Current.SendDiagnosticMessage($"{live} bytes an agent");
        Assert.InRange(live, 500, 4096);
    }

    /// <summary>What is freed when an engine is let go: what else comes and goes on the heap within the run does not count.</summary>
    private static long Freed(DetectionEngine?[] held, int engine)
    {
        var with = Heap.SettledBytes();
        held[engine] = null;
        var without = Heap.SettledBytes();
        GC.KeepAlive(held);
        return with - without;
    }

    // A method of its own: nothing on the stack may hold the engine any longer than the array does.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(DetectionEngine?[] held, int place, int agents, string[] detectors)
    {
        var options = new DetectionOptions();
        var engine = new DetectionEngine(
            options, [.. StandardDetectors.Create(new DetectorsOptions(), options.CreateFingerprintKey()).Where(detector => detectors.Contains(detector.Name))], new VolatileState());
        Learn(engine, new Simulation(new SimulationOptions { Seed = 17, Agents = agents, Duration = TimeSpan.FromDays(14), QuietFor = TimeSpan.FromDays(14), Incidents = 0 }));
        held[place] = engine;
    }

    private static void Learn(DetectionEngine engine, Simulation simulation)
    {
        var (decoder, call, output, json) = (new ToolCallDecoder(new DecoderOptions()), new ToolCall(), new DetectionOutput(), new ArrayBufferWriter<byte>(4096));
        foreach (var simulated in simulation.Calls())
        {
            json.ResetWrittenCount();
            SimulatedCallJson.Write(json, simulated);
            Assert.True(decoder.TryDecode(json.WrittenMemory, DateTimeOffset.MaxValue, call, out _));
            engine.Process(call, call.Time, output);
            output.Clear();
        }

        engine.Advance(call.Time.AddHours(1), output);
        output.Clear();
    }
}
