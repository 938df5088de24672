using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// Scores a series of counts as the volume detector scores an agent's calls: windows of 1, 5, 60 and 360 minutes, and drift. About 1.4 KB a series.
/// </summary>
/// <remarks>
/// A row's time is the begin of its interval, whose length follows from the rows. A longer interval than a minute is spread evenly over the minutes up to its end, and only
/// windows at least as long are scored; intervals over an hour leave those of six hours and drift. Rows within a minute are added up, and the minute is scored as
/// far as it has come. Missing rows are silence, but unknown
/// where hardly any was missing before and the gap is longer than two hours. A row that is earlier than the one before it, or of whose interval more than half was
/// counted already, is neither scored nor learned.
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

    // Clocks shake: an interval that is shorter than this is less than a minute. A longer one than a week is one row a week.
    private const long LeastMinute = TimeSpan.TicksPerMinute * 99 / 100;
    private const int MostMinutes = 7 * 1440;

    private static readonly VolumePeers Peers = new(CallModel.Priors);

    private readonly double _logThreshold;
    private readonly SamplingInterval _interval = new();
    private CallModel _model;
    private Episode _episode;
    private long _previous = long.MinValue;
    private long _shortestInterval;
    private double _scale;
    private double _inMinute;
    private bool _isInMinute;
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
        if (double.IsNaN(value) || time.UtcTicks < _previous)
        {
            return Ignored(minute);
        }

        var isLater = time.UtcTicks > _previous;
        var interval = IntervalAt(time);
        if (minute < _model.Next && time.UtcTicks + (interval / 2) < _model.Next * TimeSpan.TicksPerMinute)
        {
            if (!isLater || _interval.Days > 0)
            {
                return Ignored(minute);
            }

            // A gap among the first rows was taken for their interval: begin anew.
            Restart();
            (_countedMinutes, _silentMinutes) = (0, 0);
        }

        value = Math.Clamp(value, 0, MostCount);
        var minutes = MinutesOf(time, interval);
        Scale(minute, value, minutes);
        value /= Math.Max(1, _scale);
        if (_model.Next == 0)
        {
            _model.Begin(minute, Peers);
        }

        var length = interval / (double)TimeSpan.TicksPerMinute;
        var least = (int)Math.Clamp(Math.Round(length), 1, CallModel.BlockMinutes);
        var closed = CloseMinute(minute);
        var reading = CloseSilent(minute, interval, least);
        var expected = Usual(_model.Next, minutes, minutes == 0 ? length : 1);
        var score = minutes == 0 ? PushPart(value, expected) : PushWhole(TakeMinute() + value, minutes, least, reading, expected);
        return closed.ReturnPeriodDays > score.ReturnPeriodDays ? closed with { ExpectedLow = score.ExpectedLow, ExpectedHigh = score.ExpectedHigh } : score;
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
            Restart();
        }

        (_largestToday, _day) = (minute / 1440 > _day ? value : Math.Max(_largestToday, value), Math.Max(_day, minute / 1440));
        _scale = _scale == 0 && value > 0 ? Math.Max(1, Math.Pow(10, Math.Ceiling(Math.Log10(value / Math.Max(1, minutes) / LargestPerMinute)))) : _scale;
    }

    /// <summary>Length of the interval that begins with a row, in ticks; 0 while it is unknown.</summary>
    private long IntervalAt(DateTimeOffset time)
    {
        var last = _previous == long.MinValue ? 0 : time.UtcTicks - _previous;
        _shortestInterval = last > 0 && (_shortestInterval == 0 || last < _shortestInterval) ? last : _shortestInterval;
        _previous = time.UtcTicks;
        _interval.Add(time);
        return _interval.Days > 0 ? (long)Math.Round(_interval.Days * TimeSpan.TicksPerDay) : _shortestInterval;
    }

    /// <summary>How many minutes that are not counted yet a row stands for; 0 when there are several rows in a minute.</summary>
    private int MinutesOf(DateTimeOffset time, long interval)
    {
        var begin = Math.Max(_model.Next, time.UtcTicks / TimeSpan.TicksPerMinute);
        return interval is > 0 and < LeastMinute ? 0 : (int)Math.Clamp(((time.UtcTicks + interval) / TimeSpan.TicksPerMinute) - begin, 1, MostMinutes);
    }

    private void Restart()
    {
        (_scale, _model) = (0, default);
        TakeMinute();
    }

    /// <summary>What was added up in the minute that goes on, which ends.</summary>
    private double TakeMinute()
    {
        var count = _inMinute;
        (_inMinute, _isInMinute) = (0, false);
        return count;
    }

    /// <summary>Closes the minute that rows were added up in, once a row is after it: what ends with it is told by that row.</summary>
    private SeriesScore CloseMinute(long minute) =>
        _isInMinute && minute > _model.Next ? PushWhole(TakeMinute(), 1, 1, VolumeReading.None, default) : default;

    /// <summary>Closes the silent minutes before a row's.</summary>
    /// <returns>What ended in them, where no row is missing and the last one was only early or this one late.</returns>
    private VolumeReading CloseSilent(long minute, long interval, int least)
    {
        var silent = _model.Skip(minute, LearningGate.Open);
        var isMissing = silent * TimeSpan.TicksPerMinute >= interval;
        var isUnknown = silent > LeastGapMinutes && _silentMinutes < MostSilence * _countedMinutes;
        _silentMinutes += isUnknown ? 0 : silent;
        var reading = VolumeReading.None;
        while (silent > 0)
        {
            silent -= _model.CloseSilent(silent, isUnknown ? LearningGate.Frozen : LearningGate.Open, Peers, ref reading, least);
        }

        return isMissing ? VolumeReading.None : reading;
    }

    /// <summary>A row of a minute that goes on.</summary>
    private SeriesScore PushPart(double value, in SeriesScore expected)
    {
        (_inMinute, _isInMinute) = (_inMinute + value, true);
        return ScoreOpen(_model.Next, _inMinute, expected);
    }

    private SeriesScore ScoreOpen(long minute, double count, in SeriesScore expected)
    {
        var reading = VolumeReading.None;
        _model.Open(minute, count, 0, Peers, ref reading);
        return Told(minute, reading, expected, out _);
    }

    private SeriesScore PushWhole(double value, int minutes, int least, in VolumeReading closed, in SeriesScore expected)
    {
        _countedMinutes += minutes;
        var begin = _model.Next;
        var before = _model;
        var gate = _episode.IsSuspicious(begin) ? LearningGate.Suspicious : LearningGate.Open;
        var reading = CloseRow(value, minutes, least, gate, closed);
        var score = Told(begin, reading, expected, out var isOver);
        if (isOver && gate == LearningGate.Open && !(_episode.IsLasting && _episode.IsOpen(begin)))
        {
            _model = before;
            CloseRow(value, minutes, least, LearningGate.Suspicious, closed);
        }

        if (begin / 60 != _model.Next / 60)
        {
            _episode.EndHour(_model.Next, _model.LastHour.Counted, _model.LastHour.Expected);
        }

        return score;
    }

    private VolumeReading CloseRow(double value, int minutes, int least, LearningGate gate, VolumeReading reading)
    {
        var done = 0.0;
        for (var i = 1; i <= minutes; i++)
        {
            // Whole counts, as far as the value is one.
            var due = i == minutes ? value : Math.Floor(value * i / minutes);
            _model.Close(due - done, gate, Peers, least, ref reading);
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

    private SeriesScore Ignored(long minute) => Usual(Math.Max(minute, _model.Next), 1) with { AnomalyScore = 0 };

    /// <summary>What is usual of some minutes, or of a part of one.</summary>
    private SeriesScore Usual(long minute, int minutes, double part = 1)
    {
        var usual = _model.Next == 0 ? default : _model.Usual(minute, Math.Max(1, minutes));
        usual = part < 1 ? PartOf(usual, part) : usual;
        return new SeriesScore(0, 0, false, usual.Low * Math.Max(1, _scale), usual.High * Math.Max(1, _scale));
    }

    // What is thinned to a part f keeps its dispersion: its variance is f² of the whole's and f (1 − f) of its mean.
    private ExpectedRange PartOf(in ExpectedRange minute, double part)
    {
        var mean = _model.ExpectedNow.One + CallForecast.LeastExpected;
        var deviation = (minute.High - mean) / 3;
        deviation = Math.Sqrt((part * part * deviation * deviation) + (part * (1 - part) * mean));
        return new ExpectedRange(Math.Max(0, (part * mean) - (2 * deviation)), (part * mean) + (3 * deviation));
    }
}
