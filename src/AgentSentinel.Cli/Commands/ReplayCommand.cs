using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel replay</c>: recorded telemetry through the engines.</summary>
internal static class ReplayCommand
{
    private const int ShownRefusals = 10;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Telemetry, one JSON event a line; .gz is read as gzip, - is standard input.", Arity = ArgumentArity.OneOrMore };
        var scores = new Option<string?>("--scores") { Description = "Write one line per event: id, agent_id, session_id, score, detector, evidence." };
        var alerts = new Option<string?>("--alerts") { Description = "Write one line per alert." };
        var freeze = new Option<DateTimeOffset?>("--freeze-at") { Description = "From this event time on: score, don't learn. RFC 3339, UTC when no offset is given.", CustomParser = ParseTime };
        var progress = new Option<bool>("--progress") { Description = "Tell every second how far it is." };
        var options = new OptionsArguments();
        var command = new Command("replay", "Run recorded telemetry through the same engines as the service, without Kafka.") { files, scores, alerts, freeze, progress };
        options.AddTo(command);
        command.SetAction((arguments, cancellationToken) =>
        {
            var freezeAt = arguments.GetValue(freeze) is { } time
                ? (KeyValuePair<string, string?>[])[KeyValuePair.Create("Detection:FreezeAt", (string?)time.ToString("O", CultureInfo.InvariantCulture))]
                : [];
            if (options.Read(arguments, freezeAt) is not { } sentinel)
            {
                return Task.FromResult(ExitCode.Usage);
            }

            return Task.FromResult(AreThere(arguments.GetValue(files)!)
                ? Replay(sentinel, arguments.GetValue(files)!, arguments.GetValue(scores), arguments.GetValue(alerts), arguments.GetValue(progress), cancellationToken)
                : ExitCode.Usage);
        });
        return command;
    }

    private static bool AreThere(string[] files)
    {
        var missing = files.Where(f => f != "-" && !File.Exists(f)).ToList();
        foreach (var file in missing)
        {
            Console.Error.WriteLine($"No such file: {file}");
        }

        return missing.Count == 0;
    }

    private static DateTimeOffset? ParseTime(System.CommandLine.Parsing.ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        argument.AddError($"'{text}' is not a time such as 2026-03-01T00:00:00Z.");
        return null;
    }

    private static int Replay(SentinelOptions options, string[] files, string? scoresPath, string? alertsPath, bool isProgressWanted, CancellationToken cancellationToken)
    {
        try
        {
            using var scores = scoresPath is null ? null : new ScoreWriter(Files.OpenWrite(scoresPath));
            using var alerts = alertsPath is null ? null : Files.OpenWrite(alertsPath);
            var alertCount = 0L;
            using var run = new ReplayRun(options, TimeProvider.System.GetUtcNow())
            {
                OnScore = scores is null ? null : scores.Write,
                OnAlert = alert =>
                {
                    alertCount++;
                    alerts?.Write(JournalJson.Write(alert));
                    alerts?.WriteByte((byte)'\n');
                },
            };
            var clock = Stopwatch.StartNew();
            foreach (var file in files)
            {
                Take(run, file, options.Decoder.MaxRecordBytes, isProgressWanted, clock, cancellationToken);
            }

            run.Finish();
            Summarize(run, alertCount, clock.Elapsed);
            return cancellationToken.IsCancellationRequested ? ExitCode.Failed : ExitCode.Success;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Console.Error.WriteLine($"Replay stopped: {error.Message}");
            return ExitCode.Failed;
        }
    }

    private static void Take(ReplayRun run, string file, int longestLine, bool isProgressWanted, Stopwatch clock, CancellationToken cancellationToken)
    {
        using var stream = Files.OpenRead(file);
        var lines = new LineReader(stream, longestLine);
        var nextReport = clock.Elapsed;
        while (!cancellationToken.IsCancellationRequested && lines.TryRead(out var line))
        {
            if (line.IsEmpty)
            {
                continue;
            }

            if (run.Take(line) is { } error && run.Refused.Values.Sum() <= ShownRefusals)
            {
                Console.Error.WriteLine($"{file}:{lines.LineNumber}: refused: {error.ReasonName}{(error.Field is null ? "" : $" ({error.Field})")}");
            }

            if (isProgressWanted && (run.Lines & 1023) == 0 && clock.Elapsed >= nextReport)
            {
                nextReport = clock.Elapsed + TimeSpan.FromSeconds(1);
                Console.Error.WriteLine($"{run.Lines:N0} events, {run.Lines / clock.Elapsed.TotalSeconds:N0}/s, event time {run.Detection.NewestTime:u}, {run.Anomalies:N0} anomalies");
            }
        }
    }

    private static void Summarize(ReplayRun run, long alerts, TimeSpan took)
    {
        Console.Error.WriteLine(
            $"{run.Lines:N0} events in {took.TotalSeconds:0.0} s: {run.Detection.AcceptedEvents:N0} accepted, {run.Detection.LateEvents:N0} late, "
            + $"{run.Detection.DuplicateEvents:N0} repeats, {run.Refused.Values.Sum():N0} refused; {run.Anomalies:N0} anomalies, {alerts:N0} alerts, {run.Orders:N0} suspensions");
        foreach (var (reason, count) in run.Refused)
        {
            Console.Error.WriteLine($"  refused {count:N0} × {reason}");
        }

        foreach (var failure in run.Failures.GroupBy(f => f.Detector))
        {
            Console.Error.WriteLine($"  detector {failure.Key} failed for {failure.Count():N0} agent(s): {failure.First().Error.GetType().Name}");
        }
    }
}
