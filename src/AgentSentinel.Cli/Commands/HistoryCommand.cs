using System.CommandLine;
using AgentSentinel.Service.History;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel history rebuild</c>: what people look at, made anew from the journal.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var options = new OptionsArguments();
        var rebuild = new Command(
            "rebuild",
            "Make the alerts, incidents, suspensions and audit of the history file anew from the journal. The service does it, from the journal's beginning: at once when it runs, else at its next start. Time series stay as they are.");
        options.AddTo(rebuild);
        rebuild.SetAction(arguments =>
        {
            if (options.Read(arguments) is not { } sentinel)
            {
                return ExitCode.Usage;
            }

            var path = sentinel.History.PathOf(sentinel.Checkpoints.Folder);
            if (!File.Exists(path))
            {
                Console.Error.WriteLine($"There is no history file at {path}.");
                return ExitCode.Failed;
            }

            try
            {
                HistoryFile.Rebuild(path);
            }
            catch (SqliteException error)
            {
                Console.Error.WriteLine($"The history file cannot be changed: {error.Message}");
                return ExitCode.Failed;
            }

            Console.Error.WriteLine($"{path} is read anew from the journal by the service.");
            return ExitCode.Success;
        });
        return new Command("history", "The history file.") { rebuild };
    }
}
