using System.CommandLine;
using System.Runtime.InteropServices;
using AgentSentinel.Cli.Scoring;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel score</c>: scores time series in CSV files.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "CSV with the columns timestamp,value or series,timestamp,value; with or without a header; .gz is read as gzip. Times are RFC 3339, yyyy-MM-dd HH:mm:ss in UTC, or seconds since 1970. A row without a value stays without a score.",
            Arity = ArgumentArity.OneOrMore,
        };
        var kind = new Option<SeriesKind>("--kind") { Description = "counts: numbers of events per interval; gauge: anything else that is measured.", Required = true };
        var detector = new Option<string?>("--detector") { Description = $"Which detector; the kind's default when left out. Known: {string.Join(", ", SeriesDetectors.All.Select(d => d.Name).Distinct())}." };
        var output = new Option<string>("--out") { Description = "Folder for the scored files; each has the name of the one read, and appears once it is complete.", Required = true };
        var plot = new Option<bool>("--plot") { Description = "Also draw each series with its expected band and its alerts, as PNG." };
        var options = new OptionsArguments();
        var command = new Command("score", "Score time series: anomaly score, return period, expected band, and alerts within the configured budget.") { files, kind, detector, output, plot };
        options.AddTo(command);
        command.SetAction((arguments, cancellationToken) =>
        {
            if (options.Read(arguments) is not { } sentinel)
            {
                return Task.FromResult(ExitCode.Usage);
            }

            var (inputs, folder) = (arguments.GetValue(files)!, arguments.GetValue(output)!);
            var found = SeriesDetectors.Find(arguments.GetValue(kind), arguments.GetValue(detector), out var error);
            var thresholdDays = sentinel.Detection.ThresholdDays(budgetShare: 1);
            return Task.FromResult(found is null ? Refuse(error)
                : !Check(inputs, folder) ? ExitCode.Usage
                : Score(inputs, folder, found, thresholdDays, arguments.GetValue(plot), cancellationToken));
        });
        return command;
    }

    private static int Score(string[] files, string folder, SeriesDetector detector, double thresholdDays, bool isPlotted, CancellationToken cancellationToken)
    {
        // The parser's token was not cancelled by a signal, whether the action awaited something or not: the process just ended, and left its hidden file.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            Directory.CreateDirectory(folder);
            var run = new ScoreRun(detector, thresholdDays, folder, Console.Error) { Plots = isPlotted ? new SeriesPlots(folder, Console.Error) : null };
            var failed = files.Count(file => !run.Take(file, stop.Token));
            return failed == 0 ? ExitCode.Success : ExitCode.Failed;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{folder} cannot be written to: {error.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Scoring was cancelled; there is no scored file of the last one.");
            return ExitCode.Failed;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static int Refuse(string? reason)
    {
        Console.Error.WriteLine(reason);
        return ExitCode.Usage;
    }

    private static bool Check(string[] files, string folder)
    {
        var errors = files.Where(f => !File.Exists(f)).Select(f => $"No such file: {f}")
            .Concat(files.Where(f => File.Exists(f) && RealPath(ScoreRun.Target(folder, f)) == RealPath(f)).Select(f => $"{f} would be written onto itself: choose another --out."))
            .Concat(files.GroupBy(Path.GetFileName).Where(g => g.Count() > 1).Select(g => $"{g.Count()} files are called {g.Key}: their scores would overwrite each other."))
            .ToList();
        if (folder.Length == 0)
        {
            errors.Add("--out names no folder.");
        }

        if (File.Exists(folder))
        {
            errors.Add($"{folder} is a file, not a folder.");
        }

        errors.ForEach(Console.Error.WriteLine);
        return errors.Count == 0;
    }

    // Links followed, so that a file does not hide behind one.
    private static string RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) is { } parent && Directory.Exists(parent)
            ? Directory.ResolveLinkTarget(parent, returnFinalTarget: true)?.FullName ?? parent
            : Path.GetDirectoryName(full)!;
        full = Path.Combine(folder, Path.GetFileName(full));
        return File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
    }
}
