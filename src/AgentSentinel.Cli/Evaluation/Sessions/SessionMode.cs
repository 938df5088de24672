using System.CommandLine;
using AgentSentinel.Cli.Commands;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Core.Detection;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary><c>sentinel evaluate FILE… --protocol …</c>: sessions with ground truth, whatever the clock says.</summary>
internal sealed class SessionMode(Argument<string[]> files, Option<string?> json) : IEvaluationMode
{
    // What is odd in a session whatever the clock says.
    private static readonly string[] BehaviourDetectors = ["lineage", "novelty", "sequence", "repetition", "data-mixing", "secrets", "credential-use"];

    private readonly Option<SessionProtocol?> _protocol = new("--protocol") { Description = "Sessions with ground truth. frozen: learn up to the first event after the learning phase, then only score. stream: learn throughout." };
    private readonly Option<TelemetryLevel[]> _levels = new("--level") { Description = "With --protocol: what the detectors are shown: metadata, lineage (argument origins too) or content (arguments and results too). Of several, each is measured, and how far they agree.", DefaultValueFactory = _ => [TelemetryLevel.Content], AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _detectors = new("--detectors") { Description = "With --protocol: names of the detectors that take part.", DefaultValueFactory = _ => BehaviourDetectors, AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> _mistakes = new("--mistakes") { Description = "With --protocol: list false alarms and missed attacks." };

    public string Usage => "FILE… --protocol frozen|stream";

    public void AddTo(Command command)
    {
        command.Add(_protocol);
        command.Add(_levels);
        command.Add(_detectors);
        command.Add(_mistakes);
    }

    public bool IsAsked(ParseResult arguments) => arguments.GetValue(_protocol) is not null && arguments.GetValue(files) is { Length: > 0 };

    public int Run(ParseResult arguments, SentinelOptions options)
    {
        var (protocol, jsonPath) = (arguments.GetValue(_protocol)!.Value, arguments.GetValue(json));
        var evaluations = arguments.GetValue(_levels)!.Distinct()
            .Select(level => new SessionEvaluation(options, protocol, level, arguments.GetValue(_detectors)!)).ToList();
        foreach (var evaluation in evaluations)
        {
            foreach (var file in arguments.GetValue(files)!)
            {
                evaluation.Take(file);
            }

            if (jsonPath != "-")
            {
                Console.Out.WriteLine($"protocol {Name(protocol)}, level {Name(evaluation.Level)}; {evaluation.Outcomes.Count} sessions, {evaluation.Refused} events refused or late, {evaluation.Unlabelled} without labels");
                SessionReport.WriteTable(Console.Out, evaluation.Figures());
            }

            if (arguments.GetValue(_mistakes))
            {
                SessionReport.WriteMistakes(Console.Out, evaluation.Outcomes);
            }
        }

        var agreements = LevelAgreement.OfPairs(evaluations);
        if (jsonPath != "-")
        {
            SessionReport.WriteAgreements(Console.Out, agreements);
        }

        if (jsonPath is not null)
        {
            using var stream = Files.OpenWrite(jsonPath);
            SessionReport.WriteJson(stream, Name(protocol), options.Detection.FalseAlertsPerAgentAnd30Days, evaluations, agreements);
        }

        return ExitCode.Success;
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
