namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary>How well scores tell positives from negatives.</summary>
internal sealed class RocCurve
{
    private readonly double[] _positives;
    private readonly double[] _negatives;

    public RocCurve(IEnumerable<double> positives, IEnumerable<double> negatives)
    {
        _positives = [.. positives.Order()];
        _negatives = [.. negatives.Order()];
    }

    /// <summary>
    /// The probability that a positive scores higher than a negative, ties counted half, with the variance of DeLong, DeLong and
    /// Clarke-Pearson (1988).
    /// </summary>
    public Interval Area()
    {
        if (_positives.Length == 0 || _negatives.Length == 0)
        {
            return Interval.None;
        }

        var overNegatives = _positives.Select(p => Below(_negatives, p)).ToArray();
        var underPositives = _negatives.Select(n => 1 - Below(_positives, n)).ToArray();
        var area = overNegatives.Average();
        var variance = (Variance(overNegatives) / _positives.Length) + (Variance(underPositives) / _negatives.Length);
        return Interval.OfMean(area, Math.Sqrt(variance), _positives.Length + _negatives.Length);
    }

    /// <summary>The share of positives that score higher than all but the given share of negatives.</summary>
    public Interval RecallAt(double falsePositiveRate)
    {
        if (_positives.Length == 0 || _negatives.Length == 0)
        {
            return Interval.None;
        }

        var threshold = _negatives[_negatives.Length - 1 - (int)(falsePositiveRate * _negatives.Length)];
        return Interval.OfProportion(_positives.Count(p => p > threshold), _positives.Length);
    }

    /// <summary>The share of sorted values below one, ties counted half.</summary>
    private static double Below(double[] sorted, double value)
    {
        var (first, last) = (Position(sorted, value, orEqual: false), Position(sorted, value, orEqual: true));
        return (first + last) / (2.0 * sorted.Length);
    }

    private static int Position(double[] sorted, double value, bool orEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value || (orEqual && sorted[middle] == value))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Length < 2 ? 0 : values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }
}
