using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// Scores a series of counts as the volume detector scores an agent's calls: windows of 1, 5, 60 and 360 minutes, and drift. About 1.4 KB a series.
/// </summary>
/// <remarks>
/// A row's time is the begin of its interval, whose length follows from the rows. A longer interval than a minute is spread evenly over its minutes, and only
/// windows at least as long are scored; intervals over an hour leave those of six hours and drift. Rows within a minute are added up, and the minute is scored as
/// far as it has come. Missing rows are silence, but unknown
/// where hardly any was missing before and the gap is longer than two hours. A row that is earlier than what was counted already is neither scored nor learned.
/// </remarks>
public sealed class CountSeries : ISeriesScorer
{
    // Where hardly a row was missing so far, those that are missing for longer are unknown: silence would have been told as 0.
    private const int LeastGapMinutes = 120;
    private const double MostSilence = 0.1;

    private const double HalfScore = 2;
    private const double ToldDecades = 0.01;

    // Counts are scaled down when they are so large that their size says nothing any more about how they vary.
    private const double LargestPerMinute = 10_000;
    private const double SmallestPerMinute = 10;
    private const double MostCount = 1e18;

    private static readonly VolumePeers Peers = new(CallModel.Priors);

    private readonly double _logThreshold;
    private readonly SamplingInterval _interval = new();
    private CallModel _model;
    private Episode _episode;
    private long _previous = long.MinValue;
    private long _firstInterval;
    private double _scale;
    private double _inMinute;
    private double _largestToday;
    private long _day;
    private double _countedMinutes;
    private double _silentMinutes;

    /// <param name="thresholdDays">Return period in days from which on a row is an alert, over 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="thresholdDays"/> is not over 0.</exception>
    public CountSeries(double thresholdDays)
    {
        if (!(thresholdDays > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(thresholdDays), thresholdDays, "A return period must be over 0.");
        }

        _logThreshold = Math.Log10(thresholdDays);
    }

    /// <summary>Scores a row, then learns from it. 0.3 to 1 µs a minute.</summary>
    /// <param name="time">Begin of the interval.</param>
    /// <param name="value">The count. NaN counts for nothing, less than 0 as 0, more than 10¹⁸ as 10¹⁸.</param>
    public SeriesScore Push(DateTimeOffset time, double value)
    {
        var minute = time.UtcTicks / TimeSpan.TicksPerMinute;
        if (double.IsNaN(value) || minute < _model.Next || time.UtcTicks < _previous)
        {
            return Usual(Math.Max(minute, _model.Next), 1) with { AnomalyScore = 0 };
        }

        value = Math.Clamp(value, 0, MostCount);
        var minutes = LengthOf(time);
        Scale(minute, value, minutes);
        value /= Math.Max(1, _scale);
        if (_model.Next == 0)
        {
            _model.Begin(minute, Peers);
        }

        CloseUpTo(minute);
        var expected = Usual(minute, minutes);
        return minutes == 0 ? PushPart(minute, value, expected) : PushWhole(value, minutes, expected);
    }

    /// <summary>
    /// Scores the minute after the last row as far as it has come, as an agent's calls are while their minute is open. Nothing is learned of it; what is told is not told
    /// again when its row comes.
    /// </summary>
    /// <param name="time">The minute.</param>
    /// <param name="value">The count so far.</param>
    internal SeriesScore Open(DateTimeOffset time, double value) => ScoreOpen(time.UtcTicks / TimeSpan.TicksPerMinute, value / Math.Max(1, _scale), default);

    /// <summary>Decides how counts are scaled: by the first that is not 0, and anew, from the start, after a day in which all were far too small for that.</summary>
    private void Scale(long minute, double value, int minutes)
    {
        if (_scale > 1 && minute / 1440 > _day && _largestToday > 0 && _largestToday / _scale < SmallestPerMinute * Math.Max(1, minutes))
        {
            (_scale, _model) = (0, default);
        }

        (_largestToday, _day) = (minute / 1440 > _day ? value : Math.Max(_largestToday, value), Math.Max(_day, minute / 1440));
        _scale = _scale == 0 && value > 0 ? Math.Max(1, Math.Pow(10, Math.Ceiling(Math.Log10(value / Math.Max(1, minutes) / LargestPerMinute)))) : _scale;
    }

    /// <summary>Length of the interval that begins with a row, in minutes; 0 when there are several in a minute.</summary>
    private int LengthOf(DateTimeOffset time)
    {
        if (_previous != long.MinValue && _firstInterval == 0)
        {
            _firstInterval = time.UtcTicks - _previous;
        }

        _previous = time.UtcTicks;
        _interval.Add(time);
        var ticks = _interval.Days > 0 ? _interval.Days * TimeSpan.TicksPerDay : _firstInterval;
        return ticks == 0 ? 1 : (int)Math.Min(Math.Round(ticks / TimeSpan.TicksPerMinute), 7 * 1440);
    }

    /// <summary>Closes the minutes before a row's: the one that rows were added up in, and silent ones.</summary>
    private void CloseUpTo(long minute)
    {
        var silent = _model.Skip(minute, LearningGate.Open);
        var isUnknown = silent > LeastGapMinutes && _silentMinutes < MostSilence * _countedMinutes;
        _silentMinutes += isUnknown ? 0 : silent;
        var unused = VolumeReading.None;
        if (silent > 0 && _inMinute > 0)
        {
            _model.Close(_inMinute, LearningGate.Open, Peers, 1, ref unused);
            (_inMinute, silent) = (0, silent - 1);
        }

        while (silent > 0)
        {
            silent -= _model.CloseSilent(silent, isUnknown ? LearningGate.Frozen : LearningGate.Open, Peers, ref unused);
        }
    }

    /// <summary>A row of a minute that goes on.</summary>
    private SeriesScore PushPart(long minute, double value, in SeriesScore expected)
    {
        _countedMinutes += _inMinute == 0 ? 1 : 0;
        _inMinute += value;
        return ScoreOpen(minute, _inMinute, expected);
    }

    private SeriesScore ScoreOpen(long minute, double count, in SeriesScore expected)
    {
        var reading = VolumeReading.None;
        _model.Open(minute, count, 0, Peers, ref reading);
        return Told(minute, reading, expected, out _);
    }

    private SeriesScore PushWhole(double value, int minutes, in SeriesScore expected)
    {
        _countedMinutes += minutes;
        var begin = _model.Next;
        var before = _model;
        var gate = _episode.IsSuspicious(begin) ? LearningGate.Suspicious : LearningGate.Open;
        var reading = CloseRow(value, minutes, gate);
        var score = Told(begin, reading, expected, out var isOver);
        if (isOver && gate == LearningGate.Open && !(_episode.IsLasting && _episode.IsOpen(begin)))
        {
            _model = before;
            CloseRow(value, minutes, LearningGate.Suspicious);
        }

        if (begin / 60 != _model.Next / 60)
        {
            _episode.EndHour(_model.Next, _model.LastHour.Counted, _model.LastHour.Expected);
        }

        return score;
    }

    private VolumeReading CloseRow(double value, int minutes, LearningGate gate)
    {
        var reading = VolumeReading.None;
        var done = 0.0;
        for (var i = 1; i <= minutes; i++)
        {
            // Whole counts, as far as the value is one.
            var due = i == minutes ? value : Math.Floor(value * i / minutes);
            _model.Close(due - done, gate, Peers, Math.Min(minutes, CallModel.BlockMinutes), ref reading);
            done = due;
        }

        return reading;
    }

    private SeriesScore Told(long minute, in VolumeReading reading, in SeriesScore expected, out bool isOver)
    {
        var log = reading.LogReturnPeriod;
        isOver = log >= _logThreshold;
        var isNews = isOver && !_episode.Holds(minute, log, VolumeReading.IsSudden(reading.Window));
        if (isOver)
        {
            _episode.Note(minute, log, VolumeReading.IsPresent(reading.Window), reading.Window == CallModel.Drift, VolumeReading.IsSudden(reading.Window));
        }

        // What goes on from before is as odd as it can be without being an alert.
        log = isOver && !isNews ? Math.Min(log, _logThreshold - ToldDecades) : log;
        var logOne = log > 15 ? log : Math.Log10(1 + Math.Pow(10, log));
        return expected with { AnomalyScore = logOne / (logOne + HalfScore), ReturnPeriodDays = Math.Pow(10, Math.Min(log, 300)), IsAlert = isNews };
    }

    private SeriesScore Usual(long minute, int minutes)
    {
        var usual = _model.Next == 0 ? default : _model.Usual(minute, Math.Max(1, minutes));
        return new SeriesScore(0, 0, false, usual.Low * Math.Max(1, _scale), usual.High * Math.Max(1, _scale));
    }
}
