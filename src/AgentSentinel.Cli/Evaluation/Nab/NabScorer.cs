namespace AgentSentinel.Cli.Evaluation.Nab;

/// <summary>
/// The scoring rule of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015, section II; weights of its version 1.1).
/// In a window the earliest detection earns more the earlier it comes; outside each costs, less when shortly after a window; a missed window costs.
/// One threshold serves all series.
/// </summary>
internal sealed class NabScorer
{
    private const int Outside = -1;

    private readonly NabProfile _profile;
    private readonly List<Row> _rows = [];
    private int _windows;

    public NabScorer(NabProfile profile) => _profile = profile;

    /// <summary>Adds a series with what a detector made of it.</summary>
    /// <param name="series">The series.</param>
    /// <param name="scores">A score per row; NaN is never a detection.</param>
    /// <exception cref="ArgumentException">Scores and rows differ in number.</exception>
    public void Add(NabSeries series, IReadOnlyList<double> scores)
    {
        if (scores.Count != series.Times.Count)
        {
            throw new ArgumentException($"{series.Name} has {series.Times.Count} rows but {scores.Count} scores.", nameof(scores));
        }

        var next = 0;
        for (var i = 0; i < scores.Count; i++)
        {
            while (next < series.Windows.Count && series.Windows[next].Last < i)
            {
                next++;
            }

            if (i < series.Probation || double.IsNaN(scores[i]))
            {
                continue;
            }

            var isInside = next < series.Windows.Count && series.Windows[next].First <= i;
            var worth = isInside ? Earned(series.Windows[next], i) : Cost(next > 0 ? series.Windows[next - 1] : null, i);
            _rows.Add(new Row(scores[i], worth, isInside ? _windows + next : Outside));
        }

        _windows += series.Windows.Count;
    }

    /// <summary>The score at a threshold.</summary>
    public NabScore At(double threshold) => Sweep().LastOrDefault(s => s.Threshold >= threshold, Nothing) with { Threshold = threshold };

    /// <summary>The score at the threshold that suits the added series best: the highest of those.</summary>
    public NabScore Best() => Sweep().Append(Nothing).MaxBy(s => s.Normalized);

    private NabScore Nothing => new(double.PositiveInfinity, Normalize(-_profile.Missed * _windows), 0, _windows, 0);

    // The score at each threshold that makes a difference, from the highest down: each further row can only add its own worth.
    private IEnumerable<NabScore> Sweep()
    {
        // Rows of equal score in a fixed order, so that sums are the same to the last bit.
        _rows.Sort((a, b) => b.Score.CompareTo(a.Score) is var order and not 0 ? order : a.Worth.CompareTo(b.Worth));
        var best = new double[_windows];
        Array.Fill(best, -_profile.Missed);
        var total = -_profile.Missed * _windows;
        var (hit, falsePositives) = (0, 0);
        for (var i = 0; i < _rows.Count; i++)
        {
            var row = _rows[i];
            if (row.Window == Outside)
            {
                falsePositives++;
                total += row.Worth;
            }
            else if (row.Worth > best[row.Window])
            {
                hit += best[row.Window] == -_profile.Missed ? 1 : 0;
                total += row.Worth - best[row.Window];
                best[row.Window] = row.Worth;
            }

            if (i + 1 == _rows.Count || _rows[i + 1].Score < row.Score)
            {
                yield return new NabScore(row.Score, Normalize(total), hit, _windows, falsePositives);
            }
        }
    }

    private double Normalize(double total)
    {
        var nothing = -_profile.Missed * _windows;

        // Without windows there is nothing to find, and every detection can only cost.
        return _windows == 0 ? 100 + total : 100 * (total - nothing) / (_windows - nothing);
    }

    private static double Earned((int First, int Last) window, int row) =>
        Sigmoid(-(window.Last - row + 1) / (double)(window.Last - window.First + 1)) / Sigmoid(-1);

    private double Cost((int First, int Last)? previous, int row) => _profile.FalsePositive * (previous is { } window
        ? Sigmoid(window.Last > window.First ? (row - window.Last) / (double)(window.Last - window.First) : double.PositiveInfinity)
        : -1);

    // From 1 through 0 at the window's end to −1 beyond it.
    private static double Sigmoid(double position) => position > 3 ? -1 : (2 / (1 + Math.Exp(5 * position))) - 1;

    private readonly record struct Row(double Score, double Worth, int Window);
}
