using System.Buffers;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Service.Options;
using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>
/// Labelled telemetry of a fleet through the engines of the service, and what they found held against the truth. What an engine is given
/// holds the labels as every record of the topic may: the decoder keeps them from it.
/// </summary>
internal sealed class FleetEvaluation : IDisposable
{
    private readonly FleetLedger _ledger = new();
    private readonly SentinelOptions _options;
    private readonly ReplayRun _run;
    private EventTruth _truth;

    /// <param name="options">Options of the engines.</param>
    /// <param name="receivedAt">When the recording was read.</param>
    /// <param name="takesPart">Which agents take part; null for all.</param>
    public FleetEvaluation(SentinelOptions options, DateTimeOffset receivedAt, Func<string, bool>? takesPart = null)
    {
        _options = options;
        _run = new ReplayRun(options, receivedAt)
        {
            TakesPart = takesPart,

            // The truth must be in the ledger before an alarm about it.
            OnDecoded = call => _ledger.Add(call.AgentId, call.Time, _truth),
            OnAnomaly = _ledger.Add,
            OnAlert = _ledger.Add,
        };
    }

    /// <summary>Events without labels: they are replayed, and say nothing about the truth.</summary>
    public long Unlabelled { get; private set; }

    public ReplayRun Run => _run;

    /// <summary>Takes one event of a file.</summary>
    public void Take(ReadOnlyMemory<byte> line)
    {
        var isLabelled = EventTruth.TryRead(line.Span, out var truth);
        Unlabelled += isLabelled ? 0 : 1;
        Take(line, truth);
    }

    /// <summary>Takes all events of a simulation, in memory.</summary>
    public void Take(Simulation simulation)
    {
        var json = new ArrayBufferWriter<byte>(4096);
        foreach (var call in simulation.Calls())
        {
            json.ResetWrittenCount();
            SimulatedCallJson.Write(json, call, simulation.Options.Content);
            Take(json.WrittenMemory, EventTruth.Of(call));
        }
    }

    /// <summary>The stream is over.</summary>
    public FleetFigures Figures(TimeSpan tolerance)
    {
        _run.Finish();
        return FleetFigures.Of(_ledger, _run.Detection.Detectors, _options.Detection.FalseAlertsPerAgentAnd30Days, tolerance);
    }

    public void Dispose() => _run.Dispose();

    private void Take(ReadOnlyMemory<byte> line, in EventTruth truth)
    {
        _truth = truth;
        _run.Take(line);
    }
}
