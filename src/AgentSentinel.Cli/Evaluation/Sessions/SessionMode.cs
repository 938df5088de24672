using System.CommandLine;
using System.Globalization;
using AgentSentinel.Cli.Commands;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Core.Detection;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary><c>sentinel evaluate FILE… --protocol …</c>: sessions with ground truth, whatever the clock says.</summary>
internal sealed class SessionMode(Argument<string[]> files, Option<string?> json) : IEvaluationMode
{
    // What is odd in a session whatever the clock says.
    private static readonly string[] BehaviourDetectors = ["lineage", "novelty", "sequence", "data-mixing", "secrets", "credential-use"];

    private readonly Option<SessionProtocol?> _protocol = new("--protocol") { Description = "Sessions with ground truth. frozen: learn up to the first event after the learning phase, then only score. stream: learn throughout." };
    private readonly Option<TelemetryLevel> _level = new("--level") { Description = "With --protocol: what the detectors are shown: metadata, lineage (argument origins too) or content (arguments and results too).", DefaultValueFactory = _ => TelemetryLevel.Content };
    private readonly Option<string[]> _detectors = new("--detectors") { Description = "With --protocol: names of the detectors that take part.", DefaultValueFactory = _ => BehaviourDetectors, AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> _mistakes = new("--mistakes") { Description = "With --protocol: list false alarms and missed attacks." };

    public string Usage => "FILE… --protocol frozen|stream";

    public void AddTo(Command command)
    {
        command.Add(_protocol);
        command.Add(_level);
        command.Add(_detectors);
        command.Add(_mistakes);
    }

    public bool IsAsked(ParseResult arguments) => arguments.GetValue(_protocol) is not null && arguments.GetValue(files) is { Length: > 0 };

    public int Run(ParseResult arguments, SentinelOptions options)
    {
        var (protocol, level) = (arguments.GetValue(_protocol)!.Value, arguments.GetValue(_level));
        var evaluation = new SessionEvaluation(options, protocol, level, arguments.GetValue(_detectors)!);
        foreach (var file in arguments.GetValue(files)!)
        {
            evaluation.Take(file);
        }

        var about = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["protocol"] = protocol.ToString().ToLowerInvariant(),
            ["level"] = level.ToString().ToLowerInvariant(),
            ["false_alerts_per_agent_and_30_days"] = options.Detection.FalseAlertsPerAgentAnd30Days.ToString(CultureInfo.InvariantCulture),
        };
        var figures = evaluation.Figures().ToList();
        var jsonPath = arguments.GetValue(json);
        if (jsonPath != "-")
        {
            Console.Out.WriteLine($"protocol {about["protocol"]}, level {about["level"]}; {evaluation.Outcomes.Count} sessions, {evaluation.Refused} events refused or late, {evaluation.Unlabelled} without labels");
            SessionReport.WriteTable(Console.Out, figures);
        }

        if (arguments.GetValue(_mistakes))
        {
            SessionReport.WriteMistakes(Console.Out, evaluation.Outcomes);
        }

        if (jsonPath is not null)
        {
            using var stream = Files.OpenWrite(jsonPath);
            SessionReport.WriteJson(stream, about, figures);
        }

        return ExitCode.Success;
    }
}
