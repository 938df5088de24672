namespace AgentSentinel.Core.Series;

/// <summary>
/// What the next row of a series should be: a mixture of simple experts, each weighted by how well it did lately. The period is not searched for:
/// hour of day and day of week are the cycles that people and their machines have; where they do not help, their experts lose their weight.
/// </summary>
internal sealed class SeriesForecast
{
    private const int Experts = 6;
    private const int SlowExperts = 3;

    // Weight of an expert: (best error / its error)⁴. Errors are mean absolute ones, over these many rows.
    private const double ErrorRows = 300;
    private const double SlowErrorRows = 1000;

    private readonly CyclicProfile _day = new(48, 0.05);
    private readonly CyclicProfile _week = new(168, 0.04);
    private readonly double[] _values = new double[Experts];
    private readonly double[] _errors = new double[Experts];
    private readonly double[] _slowValues = new double[SlowExperts];
    private readonly double[] _slowErrors = new double[SlowExperts];
    private RowMean _fast = new(3);
    private RowMean _middle = new(24);
    private RowMean _slow = new(600);
    private RowMean _fromDay = new(6);
    private double _last;
    private double _rows;
    private double _dayPhase;
    private double _weekPhase;
    private double? _ofDay;

    /// <summary>The level over some hundred rows.</summary>
    public double Level => _slow.Value;

    /// <summary>The previous row.</summary>
    public double Last => _last;

    /// <summary>What is expected of the next row, from all experts.</summary>
    public double Next { get; private set; }

    /// <summary>What is expected at that time of day and week, from the experts that do not follow the latest rows.</summary>
    public double Usual { get; private set; }

    /// <summary>Makes the forecast for a row at a time.</summary>
    public void PredictAt(DateTimeOffset time)
    {
        var minutes = time.UtcTicks / (double)TimeSpan.TicksPerMinute;
        _dayPhase = minutes % 1440 / 30;
        _weekPhase = minutes % 10080 / 60;
        _ofDay = _day.At(_dayPhase);
        var ofDay = _ofDay ?? Level;
        var ofWeek = _week.MeanAt(_weekPhase) ?? Level;
        _values[0] = _last;
        _values[1] = _fast.Value;
        _values[2] = _middle.Value;
        _values[3] = Level;
        _values[4] = _ofDay is { } value ? value + _fromDay.Value : Level;
        _values[5] = ofWeek;
        _slowValues[0] = Level;
        _slowValues[1] = ofDay;
        _slowValues[2] = ofWeek;
        Next = Mix(_values, _errors);
        Usual = Mix(_slowValues, _slowErrors);
    }

    /// <summary>Learns the row that was forecast.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="largestError">An error over this counts as this.</param>
    public void Learn(double value, double largestError)
    {
        _rows++;
        if (_rows > 1)
        {
            Judge(_values, _errors, Math.Max(1 / ErrorRows, 1 / _rows), value, largestError);
            Judge(_slowValues, _slowErrors, Math.Max(1 / SlowErrorRows, 1 / _rows), value, largestError);
        }

        _last = value;
        _fast.Add(value);
        _middle.Add(value);
        _slow.Add(value);
        if (_ofDay is { } ofDay)
        {
            _fromDay.Add(value - ofDay);
        }

        _day.Add(_dayPhase, value);
        _week.Add(_weekPhase, value);
    }

    private static void Judge(double[] values, double[] errors, double rate, double value, double largestError)
    {
        for (var i = 0; i < errors.Length; i++)
        {
            errors[i] += (Math.Min(Math.Abs(value - values[i]), largestError) - errors[i]) * rate;
        }
    }

    private static double Mix(double[] values, double[] errors)
    {
        var best = double.MaxValue;
        foreach (var error in errors)
        {
            best = Math.Min(best, error);
        }

        // The first term keeps experts that never erred apart from a division by zero.
        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i < errors.Length; i++)
        {
            var ratio = errors[i] > 0 ? best / errors[i] : 1;
            var weight = Math.Max(ratio * ratio * ratio * ratio, 1e-12);
            sum += weight * values[i];
            weights += weight;
        }

        return sum / weights;
    }
}
