using System.CommandLine;
using AgentSentinel.Cli.Commands;
using AgentSentinel.Cli.Scoring;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Evaluation.Nab;

/// <summary><c>sentinel evaluate --nab DIR</c>: a series detector, or results that another one left, on the Numenta Anomaly Benchmark.</summary>
internal sealed class NabMode : IEvaluationMode
{
    private readonly Option<string?> _folder = new("--nab") { Description = "Folder with the Numenta Anomaly Benchmark: data/CATEGORY/SERIES.csv and windows.json." };
    private readonly Option<string?> _results = new("--results") { Description = "With --nab: score these results (CATEGORY/SERIES.csv with timestamp and anomaly_score) instead of running a detector." };
    private readonly Option<string?> _detector = new("--detector") { Description = $"With --nab: which detector to run: {Known}." };

    public string Usage => "--nab DIR";

    private static string Known => string.Join(", ", SeriesDetectors.All.Select(detector => detector.Name).Distinct());

    public void AddTo(Command command)
    {
        command.Add(_folder);
        command.Add(_results);
        command.Add(_detector);
    }

    public bool IsAsked(ParseResult arguments) => arguments.GetValue(_folder) is not null;

    public int Run(ParseResult arguments, SentinelOptions options)
    {
        var folder = arguments.GetValue(_folder)!;
        if (arguments.GetValue(_results) is { } results)
        {
            NabEvaluation.RunResults(folder, results, Console.Out);
            return ExitCode.Success;
        }

        var name = arguments.GetValue(_detector);
        var detector = name is null ? SeriesDetectors.Find(SeriesKind.Gauge, null, out _) : SeriesDetectors.All.FirstOrDefault(known => known.Name == name);
        if (detector is null)
        {
            Console.Error.WriteLine($"There is no detector '{name}'; known: {Known}.");
            return ExitCode.Usage;
        }

        NabEvaluation.Run(folder, detector, options.Detection.ThresholdDays(budgetShare: 1), Console.Out);
        return ExitCode.Success;
    }
}
