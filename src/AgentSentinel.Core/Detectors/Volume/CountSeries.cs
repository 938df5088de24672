using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// Scores a series of counts as the volume detector scores an agent's calls: windows of 1, 5, 60 and 360 minutes, and drift. About 3 KB a series.
/// </summary>
/// <remarks>
/// A row's time is the begin of its interval, whose length follows from the rows. A longer interval than a minute is spread evenly over the minutes up to its end, and only
/// windows at least as long are scored; intervals over an hour leave those of six hours and drift. Rows within a minute are added up, and the minute is scored as
/// far as it has come. Missing rows are silence, but unknown
/// where hardly any was missing before and the gap is longer than two hours. A row that is earlier than the one before it, or of whose interval more than half was
/// counted already, is neither scored nor learned; but rows of a time that had not come are taken back once as many follow that are earlier.
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

    // So many rows confirm a step over missing rows: clocks are seldom wrong for longer, and where rows are always missing a wrong one is still noticed soon.
    private const int BelievedRows = 8;

    private static readonly VolumePeers Peers = new(CallModel.Priors);

    private readonly double _logThreshold;
    private readonly SamplingInterval _interval = new();
    private Memory _now = Memory.Empty;

    // From before the last step over missing rows, with how many rows came since: only they can tell whether the step or what comes back from it is wrong.
    private Memory _beforeStep = Memory.Empty;
    private long _rowsSinceStep;

    // Rows in a row that were earlier than those before them, each no earlier than the last.
    private long _earlierRows;
    private long _earlier = long.MinValue;

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

    /// <summary>The usual interval, or the shortest so far, in ticks; 0 while it is unknown.</summary>
    private long Interval => _interval.Days > 0 ? (long)Math.Round(_interval.Days * TimeSpan.TicksPerDay) : _now.ShortestInterval;

    /// <summary>Scores a row, then learns from it. 0.3 to 1 µs a minute.</summary>
    /// <param name="time">Begin of the interval.</param>
    /// <param name="value">The count. NaN counts for nothing, less than 0 as 0, more than 10¹⁸ as 10¹⁸.</param>
    public SeriesScore Push(DateTimeOffset time, double value)
    {
        var minute = time.UtcTicks / TimeSpan.TicksPerMinute;
        if (double.IsNaN(value))
        {
            return Unscored(minute);
        }

        var takenBack = time.UtcTicks < _now.Previous ? TakeBack(time.UtcTicks) : 0;
        if (time.UtcTicks < _now.Previous)
        {
            return Unscored(minute) with { IsPassedOver = true };
        }

        Follow(time.UtcTicks);
        return Score(time, minute, value) with { TakenBack = takenBack };
    }

    /// <summary>
    /// Scores the minute after the last row as far as it has come, as an agent's calls are while their minute is open. Nothing is learned of it; what is told is not told
    /// again when its row comes.
    /// </summary>
    /// <param name="time">The minute.</param>
    /// <param name="value">The count so far.</param>
    internal SeriesScore Open(DateTimeOffset time, double value) => ScoreOpen(time.UtcTicks / TimeSpan.TicksPerMinute, value / Math.Max(1, _now.Scale), default);

    /// <summary>
    /// Decides by the majority whether a row is late or those before it were of a time that had not come: a row of the far future would silence all that follow.
    /// When as many rows in order as came since the last step over missing rows lie before that step's end, the step is taken back;
    /// when they lie even before its begin, all is forgotten once they are more than all rows so far.
    /// </summary>
    /// <returns>How many rows count for nothing any more; 0 when the row is late.</returns>
    private long TakeBack(long ticks)
    {
        (_earlierRows, _earlier) = (ticks >= _earlier ? _earlierRows + 1 : 1, ticks);
        var isWithinStep = ticks >= _beforeStep.Previous;
        var rows = isWithinStep ? _rowsSinceStep : _now.Rows;
        if (_earlierRows < rows)
        {
            return 0;
        }

        _now = isWithinStep ? _beforeStep : Memory.Empty;
        _rowsSinceStep = BelievedRows;
        return rows;
    }

    /// <summary>Counts a row in order, and keeps what was known before it when it steps over missing rows. A step is kept until enough rows have confirmed it, so that rows of several wrong times are no steps of their own.</summary>
    private void Follow(long ticks)
    {
        (_earlierRows, _earlier) = (0, long.MinValue);
        var interval = Interval;
        var isStep = _now.Previous == long.MinValue || interval == 0 || ticks - _now.Previous > 2 * interval;
        if (isStep && (_rowsSinceStep >= BelievedRows || _now.Rows == 0))
        {
            (_beforeStep, _rowsSinceStep) = (_now, 0);
        }

        _now.Rows++;
        _rowsSinceStep++;
    }

    private SeriesScore Score(DateTimeOffset time, long minute, double value)
    {
        var isLater = time.UtcTicks > _now.Previous;
        var interval = IntervalAt(time);
        if (minute < _now.Model.Next && time.UtcTicks + (interval / 2) < _now.Model.Next * TimeSpan.TicksPerMinute)
        {
            if (!isLater || _interval.Days > 0)
            {
                return Unscored(minute) with { IsPassedOver = true };
            }

            // A gap among the first rows was taken for their interval: begin anew.
            Restart();
            (_now.CountedMinutes, _now.SilentMinutes) = (0, 0);
        }

        value = Math.Clamp(value, 0, MostCount);
        var minutes = MinutesOf(time, interval);
        Scale(minute, value, minutes);
        value /= Math.Max(1, _now.Scale);
        if (_now.Model.Next == 0)
        {
            _now.Model.Begin(minute, Peers);
        }

        var length = interval / (double)TimeSpan.TicksPerMinute;
        var least = (int)Math.Clamp(Math.Round(length), 1, CallModel.BlockMinutes);
        var closed = CloseMinute(minute);
        var reading = CloseSilent(minute, interval, least);
        var expected = Usual(_now.Model.Next, minutes, minutes == 0 ? length : 1);
        var score = minutes == 0 ? PushPart(value, expected) : PushWhole(TakeMinute() + value, minutes, least, reading, expected);
        return closed.ReturnPeriodDays > score.ReturnPeriodDays ? closed with { ExpectedLow = score.ExpectedLow, ExpectedHigh = score.ExpectedHigh } : score;
    }

    /// <summary>Decides how counts are scaled: by the first that is not 0, and anew, from the start, after a day in which all were far too small for that.</summary>
    private void Scale(long minute, double value, int minutes)
    {
        if (_now.Scale > 1 && minute / 1440 > _now.Day && _now.LargestToday > 0 && _now.LargestToday / _now.Scale < SmallestPerMinute * Math.Max(1, minutes))
        {
            Restart();
        }

        (_now.LargestToday, _now.Day) = (minute / 1440 > _now.Day ? value : Math.Max(_now.LargestToday, value), Math.Max(_now.Day, minute / 1440));
        _now.Scale = _now.Scale == 0 && value > 0 ? Math.Max(1, Math.Pow(10, Math.Ceiling(Math.Log10(value / Math.Max(1, minutes) / LargestPerMinute)))) : _now.Scale;
    }

    /// <summary>Length of the interval that begins with a row, in ticks; 0 while it is unknown.</summary>
    private long IntervalAt(DateTimeOffset time)
    {
        var last = _now.Previous == long.MinValue ? 0 : time.UtcTicks - _now.Previous;
        _now.ShortestInterval = last > 0 && (_now.ShortestInterval == 0 || last < _now.ShortestInterval) ? last : _now.ShortestInterval;
        _now.Previous = time.UtcTicks;
        _interval.Add(time);
        return Interval;
    }

    /// <summary>How many minutes that are not counted yet a row stands for; 0 when there are several rows in a minute.</summary>
    private int MinutesOf(DateTimeOffset time, long interval)
    {
        var begin = Math.Max(_now.Model.Next, time.UtcTicks / TimeSpan.TicksPerMinute);
        return interval is > 0 and < LeastMinute ? 0 : (int)Math.Clamp(((time.UtcTicks + interval) / TimeSpan.TicksPerMinute) - begin, 1, MostMinutes);
    }

    private void Restart()
    {
        (_now.Scale, _now.Model) = (0, default);
        TakeMinute();
    }

    /// <summary>What was added up in the minute that goes on, which ends.</summary>
    private double TakeMinute()
    {
        var count = _now.InMinute;
        (_now.InMinute, _now.IsInMinute) = (0, false);
        return count;
    }

    /// <summary>Closes the minute that rows were added up in, once a row is after it: what ends with it is told by that row.</summary>
    private SeriesScore CloseMinute(long minute) =>
        _now.IsInMinute && minute > _now.Model.Next ? PushWhole(TakeMinute(), 1, 1, VolumeReading.None, default) : default;

    /// <summary>Closes the silent minutes before a row's.</summary>
    /// <returns>What ended in them, where no row is missing and the last one was only early or this one late.</returns>
    private VolumeReading CloseSilent(long minute, long interval, int least)
    {
        var silent = _now.Model.Skip(minute, LearningGate.Open);
        var isMissing = silent * TimeSpan.TicksPerMinute >= interval;
        var isUnknown = silent > LeastGapMinutes && _now.SilentMinutes < MostSilence * _now.CountedMinutes;
        _now.SilentMinutes += isUnknown ? 0 : silent;
        var reading = VolumeReading.None;
        while (silent > 0)
        {
            silent -= _now.Model.CloseSilent(silent, isUnknown ? LearningGate.Frozen : LearningGate.Open, Peers, ref reading, least);
        }

        return isMissing ? VolumeReading.None : reading;
    }

    /// <summary>A row of a minute that goes on.</summary>
    private SeriesScore PushPart(double value, in SeriesScore expected)
    {
        (_now.InMinute, _now.IsInMinute) = (_now.InMinute + value, true);
        return ScoreOpen(_now.Model.Next, _now.InMinute, expected);
    }

    private SeriesScore ScoreOpen(long minute, double count, in SeriesScore expected)
    {
        var reading = VolumeReading.None;
        _now.Model.Open(minute, count, 0, Peers, ref reading);
        return Told(minute, reading, expected, out _);
    }

    private SeriesScore PushWhole(double value, int minutes, int least, in VolumeReading closed, in SeriesScore expected)
    {
        _now.CountedMinutes += minutes;
        var begin = _now.Model.Next;
        var before = _now.Model;
        var gate = _now.Episode.IsSuspicious(begin) ? LearningGate.Suspicious : LearningGate.Open;
        var reading = CloseRow(value, minutes, least, gate, closed);
        var score = Told(begin, reading, expected, out var isOver);
        if (isOver && gate == LearningGate.Open && !(_now.Episode.IsLasting && _now.Episode.IsOpen(begin)))
        {
            _now.Model = before;
            CloseRow(value, minutes, least, LearningGate.Suspicious, closed);
        }

        if (begin / 60 != _now.Model.Next / 60)
        {
            _now.Episode.EndHour(_now.Model.Next, _now.Model.LastHour.Counted, _now.Model.LastHour.Expected);
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
            _now.Model.Close(due - done, gate, Peers, least, ref reading);
            done = due;
        }

        return reading;
    }

    private SeriesScore Told(long minute, in VolumeReading reading, in SeriesScore expected, out bool isOver)
    {
        var log = reading.LogReturnPeriod;
        isOver = log >= _logThreshold;
        var isNews = isOver && !_now.Episode.Holds(minute, log, VolumeReading.IsSudden(reading.Window));
        if (isOver)
        {
            _now.Episode.Note(minute, log, VolumeReading.IsPresent(reading.Window), reading.Window == CallModel.Drift, VolumeReading.IsSudden(reading.Window));
        }

        // What goes on from before is as odd as it can be without being an alert.
        log = isOver && !isNews ? Math.Min(log, _logThreshold - ToldDecades) : log;
        var logOne = log > 15 ? log : Math.Log10(1 + Math.Pow(10, log));
        return expected with { AnomalyScore = logOne / (logOne + HalfScore), ReturnPeriodDays = Math.Pow(10, Math.Min(log, 300)), IsAlert = isNews };
    }

    private SeriesScore Unscored(long minute) => Usual(Math.Max(minute, _now.Model.Next), 1) with { AnomalyScore = 0 };

    /// <summary>What is usual of some minutes, or of a part of one.</summary>
    private SeriesScore Usual(long minute, int minutes, double part = 1)
    {
        var usual = _now.Model.Next == 0 ? default : _now.Model.Usual(minute, Math.Max(1, minutes));
        usual = part < 1 ? PartOf(usual, part) : usual;
        return new SeriesScore(0, 0, false, usual.Low * Math.Max(1, _now.Scale), usual.High * Math.Max(1, _now.Scale));
    }

    // What is thinned to a part f keeps its dispersion: its variance is f² of the whole's and f (1 − f) of its mean.
    private ExpectedRange PartOf(in ExpectedRange minute, double part)
    {
        var mean = _now.Model.ExpectedNow.One + CallForecast.LeastExpected;
        var deviation = (minute.High - mean) / 3;
        deviation = Math.Sqrt((part * part * deviation * deviation) + (part * (1 - part) * mean));
        return new ExpectedRange(Math.Max(0, (part * mean) - (2 * deviation)), (part * mean) + (3 * deviation));
    }

    /// <summary>What was learned, as a value that can be kept and taken back. The usual interval is no part of it: its median passes over a wrong time.</summary>
    private struct Memory
    {
        public CallModel Model;
        public Episode Episode;
        public long Previous;
        public long ShortestInterval;
        public long Rows;
        public double Scale;
        public double InMinute;
        public bool IsInMinute;
        public double LargestToday;
        public long Day;
        public double CountedMinutes;
        public double SilentMinutes;

        public static Memory Empty => new() { Previous = long.MinValue };
    }
}
