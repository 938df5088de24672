using System.CommandLine;
using System.Text.Json;
using AgentSentinel.Cli.Evaluation;
using AgentSentinel.Cli.Evaluation.Fleet;
using AgentSentinel.Cli.Evaluation.Nab;
using AgentSentinel.Cli.Evaluation.Sessions;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel evaluate</c>: how well the detectors do on labelled data.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Labelled telemetry, one JSON event a line; .gz is read as gzip. Sessions: each file is a recording of its own. Fleets: all files are one stream.", Arity = ArgumentArity.ZeroOrMore };
        var json = new Option<string?>("--json") { Description = "Write the figures as JSON to this file; - is standard output, without the table.\n" + FleetReport.Definitions };
        IEvaluationMode[] modes = [new NabMode(), new SessionMode(files, json), new FleetMode(files, json)];
        var options = new OptionsArguments();
        var command = new Command("evaluate", "Measure the detectors on labelled data. Labels are taken out before an engine sees an event.") { files, json };
        foreach (var mode in modes)
        {
            mode.AddTo(command);
        }

        options.AddTo(command);
        command.SetAction(arguments =>
        {
            if (modes.FirstOrDefault(mode => mode.IsAsked(arguments)) is not { } asked)
            {
                Console.Error.WriteLine($"Nothing to evaluate. Say {string.Join(" or ", modes.Select(mode => mode.Usage))}.");
                return ExitCode.Usage;
            }

            if (options.Read(arguments) is not { } sentinel)
            {
                return ExitCode.Usage;
            }

            try
            {
                return asked.Run(arguments, sentinel);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
            {
                Console.Error.WriteLine($"Evaluation stopped: {error.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
