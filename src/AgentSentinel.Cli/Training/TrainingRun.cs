using AgentSentinel.Cli.Evaluation.Fleet;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Training;

/// <summary>
/// Learns a fleet model as a partition learns it, with the service's own engine, from the agents of one half; then the agents of the other half live twice, with what is
/// built in and with the model. Which half an agent is in follows from its id alone.
/// </summary>
/// <param name="options">Options of the engines.</param>
/// <param name="files">Telemetry.</param>
/// <param name="name">Name of the model.</param>
/// <param name="version">Its version.</param>
internal sealed class TrainingRun(SentinelOptions options, IReadOnlyList<string> files, string name, string version)
{
    // No secret: it only has to be the same for everybody.
    private static readonly FingerprintKey Halves = new(0x7465616368, 0x74727573);
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    private readonly DateTimeOffset _receivedAt = TimeProvider.System.GetUtcNow();

    public TrainedModel Run()
    {
        // What is evaluated is what this fleet teaches, and not what another taught before.
        var builtIn = options with { Declarations = options.Declarations with { ModelFolder = null } };
        var teachers = new HashSet<string>(StringComparer.Ordinal);
        using var teaching = new ReplayRun(builtIn, _receivedAt)
        {
            TakesPart = Teaches,
            OnScore = (call, _, _) => teachers.Add(call.AgentId),
        };
        Read(line => teaching.Take(line));
        teaching.Finish();
        var model = new FleetModel(name, version, teaching.Detection.Detectors.Where(d => d.Priors.Count > 0).ToDictionary(d => d.Name, d => d.Priors, StringComparer.Ordinal));
        return new TrainedModel(model, teaching.Lines, teachers.Count, Evaluate(builtIn, null), Evaluate(builtIn, model));
    }

    private static bool Teaches(string agentId) => (Fingerprint.Of(Halves, agentId) & 1) == 0;

    private FleetFigures Evaluate(SentinelOptions builtIn, FleetModel? model)
    {
        using var evaluation = new FleetEvaluation(builtIn, _receivedAt, agentId => !Teaches(agentId));
        model?.ApplyTo(evaluation.Run.Detection.Detectors);
        Read(evaluation.Take);
        return evaluation.Figures(Tolerance);
    }

    private void Read(Action<ReadOnlyMemory<byte>> take)
    {
        foreach (var file in files)
        {
            LineReader.ReadAll(file, options.Decoder.MaxRecordBytes, take);
        }
    }
}
