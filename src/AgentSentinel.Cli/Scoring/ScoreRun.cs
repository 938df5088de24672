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
    // Of refused rows, and of those that are passed over, in a file.
    private const int Shown = 10;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _nextReport = TimeSpan.FromSeconds(1);

    /// <summary>Draws each series; null draws nothing.</summary>
    public SeriesPlots? Plots { get; init; }

    /// <summary>Where the scores of a file go.</summary>
    public static string Target(string folder, string file) => Path.Combine(folder, Path.GetFileName(file));

    /// <summary>Scores a file.</summary>
    /// <returns>False when it cannot be read or written to its end, or no row of it can be read: the log says why, and there is no scored file.</returns>
    public bool Take(string file, CancellationToken cancellationToken)
    {
        try
        {
            return Score(file, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Plots?.Forget();
            log.WriteLine($"{file}: cannot be scored to its end: {error.Message}");
            return false;
        }
    }

    private bool Score(string file, CancellationToken cancellationToken)
    {
        var refused = 0;
        using var rows = new SeriesFile(file, message =>
        {
            if (++refused <= Shown)
            {
                log.WriteLine(message);
            }
        });
        using var writer = new SeriesScoreWriter(Target(folder, file));
        var scorers = new Dictionary<string, ScoredSeries>(StringComparer.Ordinal);
        var scorerOf = scorers.GetAlternateLookup<ReadOnlySpan<char>>();
        var (alerts, passedOver, messages) = (0L, 0L, 0);
        while (rows.TryRead(out var row))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!scorerOf.TryGetValue(row.Series, out var scorer))
            {
                scorerOf[row.Series] = scorer = new ScoredSeries(detector.Create(thresholdDays));
            }

            var score = scorer.Push(row.Time, row.Value);
            alerts += score.IsAlert ? 1 : 0;
            passedOver += score.TakenBack + (score.IsPassedOver ? 1 : 0);
            if (PassedOver(score) is { } message && ++messages <= Shown)
            {
                log.WriteLine($"{file}:{rows.LineNumber}: {message}");
            }

            writer.Write(row, score);
            Plots?.Add(row, score);
            if ((rows.Rows & 1023) == 0)
            {
                ReportProgress(file, rows.Rows);
            }
        }

        var sums = $"{file}: {rows.Rows:N0} rows of {scorers.Count:N0} series, {alerts:N0} alerts, {rows.Refused:N0} rows refused";
        if (rows.Rows == 0 && rows.Refused > 0)
        {
            log.WriteLine(sums);
            log.WriteLine($"{file}: no row could be read: expected timestamp,value or series,timestamp,value");
            return false;
        }

        writer.WriteHeader(rows.HasSeries);
        Plots?.Draw(file);
        writer.Complete();
        var unknown = scorers.Values.Count(series => series.IsUnknown);
        if (unknown > 0)
        {
            log.WriteLine($"{file}: {unknown:N0} series have fewer than {SamplingInterval.Sample} rows that are later than the one before: how often their rows come is unknown, and nothing is said of them");
        }

        log.WriteLine(passedOver == 0 ? sums : $"{sums}, {passedOver:N0} rows passed over because of their times");
        return true;
    }

    /// <summary>What is to be said of rows that count for nothing; null when all do.</summary>
    private static string? PassedOver(in SeriesScore score) =>
        score.TakenBack > 0 ? $"goes on from an earlier time: the last {score.TakenBack:N0} rows of its series before it are passed over"
        : score.IsPassedOver ? "passed over: its time was counted already"
        : null;

    private void ReportProgress(string file, long rows)
    {
        if (_clock.Elapsed < _nextReport)
        {
            return;
        }

        _nextReport = _clock.Elapsed + TimeSpan.FromSeconds(1);
        log.WriteLine($"{file}: {rows:N0} rows");
    }

    /// <summary>A series' scorer, and whether it ever got to know how often rows come.</summary>
    private sealed class ScoredSeries(ISeriesScorer scorer)
    {
        private DateTimeOffset _previous = DateTimeOffset.MaxValue;
        private long _steps;
        private bool _isTold;

        /// <summary>Too few of its rows were later than the one before, and nothing was said of any.</summary>
        public bool IsUnknown => _steps < SamplingInterval.Sample && !_isTold;

        public SeriesScore Push(DateTimeOffset time, double value)
        {
            _steps += time > _previous ? 1 : 0;
            _previous = time;
            var score = scorer.Push(time, value);
            _isTold |= score.ReturnPeriodDays > 0;
            return score;
        }
    }
}
