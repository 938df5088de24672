using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AgentSentinel.Cli.Evaluation.Sessions;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Core.Detection;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel evaluate</c>: the detectors against labelled recordings.</summary>
internal static class EvaluateCommand
{
    // What is odd in a session whatever the clock says.
    private static readonly string[] BehaviourDetectors = ["lineage", "novelty", "sequence", "data-mixing", "secrets", "credential-use"];

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Labelled telemetry, one JSON event a line; .gz is read as gzip. Each file is a recording of its own.", Arity = ArgumentArity.OneOrMore };
        var protocol = new Option<SessionProtocol>("--protocol") { Description = "frozen: learn up to the first event after the learning phase, then only score. stream: learn throughout.", DefaultValueFactory = _ => SessionProtocol.Frozen };
        var level = new Option<TelemetryLevel>("--level") { Description = "What the detectors are shown: metadata, lineage (argument origins too) or content (arguments and results too).", DefaultValueFactory = _ => TelemetryLevel.Content };
        var detectors = new Option<string[]>("--detectors") { Description = "Names of the detectors that take part.", DefaultValueFactory = _ => BehaviourDetectors, AllowMultipleArgumentsPerToken = true };
        var json = new Option<string?>("--json") { Description = "Write the figures as JSON to this file; - is standard output, without the table." };
        var mistakes = new Option<bool>("--mistakes") { Description = "List false alarms and missed attacks." };
        var options = new OptionsArguments();
        var command = new Command("evaluate", "Measure the detectors on labelled recordings. Labels are taken out before an engine sees an event.") { files, protocol, level, detectors, json, mistakes };
        options.AddTo(command);
        command.SetAction(arguments =>
        {
            if (options.Read(arguments) is not { } sentinel)
            {
                return ExitCode.Usage;
            }

            var evaluation = new SessionEvaluation(sentinel, arguments.GetValue(protocol), arguments.GetValue(level), arguments.GetValue(detectors)!);
            return Evaluate(evaluation, arguments.GetValue(files)!, About(arguments.GetValue(protocol), arguments.GetValue(level), sentinel), arguments.GetValue(json), arguments.GetValue(mistakes));
        });
        return command;
    }

    private static Dictionary<string, string> About(SessionProtocol protocol, TelemetryLevel level, SentinelOptions options) => new(StringComparer.Ordinal)
    {
        ["protocol"] = protocol.ToString().ToLowerInvariant(),
        ["level"] = level.ToString().ToLowerInvariant(),
        ["false_alerts_per_agent_and_30_days"] = options.Detection.FalseAlertsPerAgentAnd30Days.ToString(CultureInfo.InvariantCulture),
    };

    private static int Evaluate(SessionEvaluation evaluation, string[] files, Dictionary<string, string> about, string? jsonPath, bool areMistakesWanted)
    {
        foreach (var file in files)
        {
            try
            {
                evaluation.Take(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
            {
                Console.Error.WriteLine($"{file}: {error.Message}");
                return ExitCode.Failed;
            }
        }

        var figures = evaluation.Figures().ToList();
        if (jsonPath != "-")
        {
            Console.Out.WriteLine($"protocol {about["protocol"]}, level {about["level"]}; {evaluation.Outcomes.Count} sessions, {evaluation.Refused} events refused or late, {evaluation.Unlabelled} without labels");
            SessionReport.WriteTable(Console.Out, figures);
        }

        if (areMistakesWanted)
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
