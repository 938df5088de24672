using System.Diagnostics;
using AgentSentinel.Core.Series;

namespace AgentSentinel.Cli.Scoring;

/// <summary>Scores the series of one file after the other, each file in one pass, each series with its own scorer.</summary>
/// <param name="detector">What scores them.</param>
/// <param name="thresholdDays">Return period from which on a row is an alert.</param>
/// <param name="folder">Where the scored files go, under the names of those read.</param>
/// <param name="log">Takes messages: refused rows, progress, sums.</param>
internal sealed class ScoreRun(SeriesDetector detector, double thresholdDays, string folder, TextWriter log)
{
    private const int ShownRefusals = 10;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _nextReport = TimeSpan.FromSeconds(1);

    /// <summary>Draws each series; null draws nothing.</summary>
    public SeriesPlots? Plots { get; init; }

    /// <summary>Where the scores of a file go.</summary>
    public static string Target(string folder, string file) => Path.Combine(folder, Path.GetFileName(file));

    /// <summary>Scores a file.</summary>
    public void Take(string file, CancellationToken cancellationToken)
    {
        var refused = 0;
        using var rows = new SeriesFile(file, message =>
        {
            if (++refused <= ShownRefusals)
            {
                log.WriteLine(message);
            }
        });
        using var writer = new SeriesScoreWriter(Target(folder, file));
        var scorers = new Dictionary<string, ISeriesScorer>(StringComparer.Ordinal);
        var scorerOf = scorers.GetAlternateLookup<ReadOnlySpan<char>>();
        var alerts = 0L;
        while (rows.TryRead(out var row))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!scorerOf.TryGetValue(row.Series, out var scorer))
            {
                scorerOf[row.Series] = scorer = detector.Create(thresholdDays);
            }

            var score = scorer.Push(row.Time, row.Value);
            alerts += score.IsAlert ? 1 : 0;
            writer.Write(row, score);
            Plots?.Add(row, score);
            if ((rows.Rows & 1023) == 0)
            {
                ReportProgress(file, rows.Rows);
            }
        }

        Plots?.Draw(file);
        log.WriteLine($"{file}: {rows.Rows:N0} rows of {scorers.Count:N0} series, {alerts:N0} alerts, {rows.Refused:N0} rows refused");
    }

    private void ReportProgress(string file, long rows)
    {
        if (_clock.Elapsed < _nextReport)
        {
            return;
        }

        _nextReport = _clock.Elapsed + TimeSpan.FromSeconds(1);
        log.WriteLine($"{file}: {rows:N0} rows");
    }
}
