using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Series;

/// <summary>
/// The measures of oddness of a row of a gauge, each compared with its own past. What they have in common: they are in the series' unit, at least 0, and
/// large when something is odd; where direction matters a measure has two sides with a past each, because most series are not symmetric.
/// </summary>
internal sealed class GaugeEvidence
{
    private const int Measures = (int)Measure.Still + 1;

    // Rows before a measure is compared; before that its past is only gathered.
    private const int WarmUpRows = 100;
    private const int GatherFrom = 20;

    // What a single measure may add: no measure alone outweighs several that agree.
    private const double LargestSurprisal = 8;

    private readonly HillTail[] _pasts = new HillTail[Measures];
    private readonly ShapeMemory _shapes = new();
    private readonly RecentExtremes _recent = new();
    private RowMean _hour = new(12);
    private RowMean _fewHours = new(48);
    private RowMean _energy4 = new(4);
    private RowMean _energy12 = new(12);
    private RowMean _energy96 = new(96);
    private RowMean _energy288 = new(288);
    private RowMean _quiet12 = new(12);
    private RowMean _quiet48 = new(48);
    private double _day;
    private DateTimeOffset _previous = DateTimeOffset.MaxValue;
    private int _still;
    private double _sum;

    // Two-sided measures come first: the side above at 2i, the side below at 2i + 1.
    private enum Measure
    {
        Ahead,
        Level = 2,
        Usual = 4,
        Hour = 6,
        FewHours = 8,
        Day = 10,
        Energy4 = 12,
        Energy12,
        Energy96,
        Energy288,
        Quiet12,
        Quiet48,
        MissingPeaks,
        MissingTroughs,
        DayShape,
        Still,
    }

    /// <summary>Weighs a row against the past, and adds it to the past.</summary>
    /// <param name="row">The row and what was expected of it.</param>
    /// <returns>The sum of the surprisals beyond the usual, ≥ 0.</returns>
    public double Weigh(in GaugeRow row)
    {
        _sum = 0;
        var ahead = row.Value - row.Next;
        var usual = row.Value - row.Usual;
        Sides(Measure.Ahead, ahead, row);
        Sides(Measure.Level, row.Value - row.Level, row);
        Sides(Measure.Usual, usual, row);

        var bounded = Math.Clamp(usual, -row.LargestDrift, row.LargestDrift);
        Sides(Measure.Hour, _hour.Add(bounded), row);
        Sides(Measure.FewHours, _fewHours.Add(bounded), row);
        Sides(Measure.Day, Day(row.Time, bounded), row);

        var energy = Math.Min(Math.Abs(ahead), row.LargestDrift);
        Compare(Measure.Energy4, _energy4.Add(energy), row.Floor, row);
        Compare(Measure.Energy12, _energy12.Add(energy), row.Floor, row);
        Compare(Measure.Energy96, _energy96.Add(energy), row.Floor, row);
        Compare(Measure.Energy288, _energy288.Add(energy), row.Floor, row);

        // How far below its mean the energy is: the inverse, so that near standstill is large.
        var change = Math.Min(Math.Abs(row.Value - row.Last), row.LargestDrift);
        var meanError = row.Error + row.Floor;
        Compare(Measure.Quiet12, meanError * meanError / (_quiet12.Add(change) + row.Floor), 0.1 * meanError, row);
        Compare(Measure.Quiet48, meanError * meanError / (_quiet48.Add(change) + row.Floor), 0.1 * meanError, row);

        _recent.Add(row.Value);
        if (_recent.IsFull)
        {
            Compare(Measure.MissingPeaks, Math.Max(0, row.Level + (2 * row.Spread) - _recent.High), row.Floor, row);
            Compare(Measure.MissingTroughs, Math.Max(0, _recent.Low - row.Level + (2 * row.Spread)), row.Floor, row);
        }

        var reach = (12 * row.Spread) + row.Floor;
        _shapes.Add(row.Time, Math.Clamp(row.Value, row.Level - reach, row.Level + reach));
        Compare(Measure.DayShape, _shapes.Distance, row.Floor, row);

        _still = row.Value == row.Last ? _still + 1 : 0;
        Compare(Measure.Still, _still, 1, row);
        return _sum;
    }

    /// <summary>How far above (or below) its forecast a row lies once in a thousand times.</summary>
    public double Reach(bool isAbove, double floor)
    {
        const double Beyond = 2;
        var past = _pasts[(int)Measure.Ahead + (isAbove ? 0 : 1)];
        return past.Count > GatherFrom ? Math.Max(0, Math.Exp(past.LogAt(Beyond)) - floor) : 0;
    }

    private void Sides(Measure measure, double difference, in GaugeRow row)
    {
        if (difference > 0)
        {
            Compare(measure, difference, row.Floor, row);
        }
        else if (difference < 0)
        {
            Compare(measure + 1, -difference, row.Floor, row);
        }
    }

    private void Compare(Measure measure, double value, double floor, in GaugeRow row)
    {
        if (row.Number < GatherFrom)
        {
            return;
        }

        // A side to which nothing ever lay is compared with the floor.
        ref var past = ref _pasts[(int)measure];
        var log = Math.Log(value + floor);
        var known = past.Count > 0 ? past : past.Add(Math.Log(floor));
        _sum += row.Number > WarmUpRows ? Math.Min(known.SurprisalBeyond(log), LargestSurprisal) : 0;
        past = past.Add(log);
    }

    // The mean of the last day, by time and not by rows: in an irregular series a day has any number of them.
    private double Day(DateTimeOffset time, double difference)
    {
        var elapsed = Math.Clamp((time - _previous).TotalDays, 1e-5, 1);
        _previous = time;
        return _day += (difference - _day) * (1 - Math.Exp(-elapsed));
    }
}
