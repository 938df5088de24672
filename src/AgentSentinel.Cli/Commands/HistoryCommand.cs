using System.CommandLine;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Options;
using Confluent.Kafka;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel history rebuild</c>: what people look at, made anew from the journal and from the tool calls.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var options = new OptionsArguments();
        var series = new Option<bool>("--series")
        {
            Description = "Make the time series anew instead, from the tool calls that Kafka still holds. Reads all of them; may run beside the service.",
        };
        var rebuild = new Command(
            "rebuild",
            "Make the alerts, incidents, suspensions and audit of the history file anew from the journal. The service does it, from the journal's beginning: at once when it runs, else at its next start. Time series stay as they are.") { series };
        options.AddTo(rebuild);
        rebuild.SetAction((arguments, cancellationToken) => Task.FromResult(
            options.Read(arguments) is { } sentinel ? Rebuild(sentinel, arguments.GetValue(series), cancellationToken) : ExitCode.Usage));
        return new Command("history", "The history file.") { rebuild };
    }

    private static int Rebuild(SentinelOptions sentinel, bool isSeries, CancellationToken cancellationToken)
    {
        try
        {
            return isSeries ? RebuildSeries(sentinel, cancellationToken) : RebuildJournal(sentinel);
        }
        catch (Exception error) when (error is SqliteException or KafkaException)
        {
            Console.Error.WriteLine($"Not rebuilt: {error.Message}");
            return ExitCode.Failed;
        }
    }

    private static int RebuildJournal(SentinelOptions sentinel)
    {
        var path = sentinel.History.PathOf(sentinel.Checkpoints.Folder);
        if (!File.Exists(path))
        {
            Console.Error.WriteLine($"There is no history file at {path}.");
            return ExitCode.Failed;
        }

        HistoryFile.Rebuild(path);
        Console.Error.WriteLine($"{path} is read anew from the journal by the service.");
        return ExitCode.Success;
    }

    private static int RebuildSeries(SentinelOptions sentinel, CancellationToken cancellationToken)
    {
        var rebuild = new SeriesRebuild(sentinel, DeclarationSet.Read(sentinel.Declarations));
        if (rebuild.Objection is { } objection)
        {
            Console.Error.WriteLine($"Not rebuilt: {objection}");
            return ExitCode.Usage;
        }

        rebuild.Run((partition, calls, points) => Console.Error.WriteLine($"partition {partition}: {calls:N0} calls read, {points:N0} points written"), cancellationToken);
        return cancellationToken.IsCancellationRequested ? ExitCode.Failed : ExitCode.Success;
    }
}
