using System.Buffers;
using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Tests;

namespace AgentSentinel.Simulator.Tests;

/// <summary>What the detectors of behaviour remember of an agent of the simulated fleet, after two weeks.</summary>
public sealed class DetectorStateTests
{
    private const int Few = 120;
    private const int Many = 240;

    private static readonly string[] Behaviour = ["novelty", "sequence", "repetition", "lineage", "data-mixing", "secrets", "credential-use"];

    [Fact]
    public void An_agents_behaviour_takes_four_kilobytes_on_average()
    {
        // The difference of two fleets leaves out what a partition has once; what there is without any detector, windows of calls. The names that a partition keeps at
        // hand, 2,048 of a kind however many agents it has, are not counted at all: the smaller fleet has not yet filled their places.
        var live = (Filled(Many, Behaviour) - Filled(Few, Behaviour) - Filled(Many, []) + Filled(Few, [])) / (Many - Few);
        TestContext.Current.SendDiagnosticMessage($"{live} bytes an agent");
        Assert.InRange(live, 500, 4096);
    }

    private static long Filled(int agents, string[] detectors)
    {
        var options = new DetectionOptions();
        var engine = new DetectionEngine(
            options, [.. StandardDetectors.Create(new DetectorsOptions(), options.CreateFingerprintKey()).Where(detector => detectors.Contains(detector.Name))], new VolatileState());
        Learn(engine, new Simulation(new SimulationOptions { Seed = 17, Agents = agents, Duration = TimeSpan.FromDays(14), QuietFor = TimeSpan.FromDays(14), Incidents = 0 }));
        return Held.Bytes(engine, without: typeof(AnswersByName<>));
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
