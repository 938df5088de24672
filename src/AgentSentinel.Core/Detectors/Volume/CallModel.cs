using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// The numbers of calls of one agent, or of one series of counts, minute by minute: what was counted within 1, 5, 60 and 360 minutes, and whether the level
/// drifts, against a <see cref="CallForecast"/>. 1.1 KB. Time goes on through <see cref="Close"/>, one minute after another, silent ones included.
/// </summary>
/// <remarks>
/// Counts are negative binomial about the forecast with the agent's own <see cref="Spread"/>; a calibrator for each window turns the surprisal into a return
/// period; drift is a scan over the last hours. Windows slide: 5 minutes by one, an hour by five, or by thirty where nothing was
/// added to it, six hours by thirty.
/// </remarks>
internal struct CallModel
{
    public const int Windows = 6;
    public const int Hour = 2;
    public const int SixHours = 3;
    public const int Drift = 4;
    public const int HalfHour = 5;

    /// <summary>Calibrators look at the largest surprisal of every six hours.</summary>
    public const int BlockMinutes = 360;
    public const double BlockDays = 0.25;

    /// <summary>By how much return periods are shortened until baselines are settled.</summary>
    public const double ProvisionalDecades = 0.7;

    /// <summary>Baselines settle after so many days; until then return periods are taken for shorter than they seem.</summary>
    public const int SettledDays = 14;

    /// <summary>Days after which scoring begins.</summary>
    public const int SilentDays = 1;

    /// <summary>What is usual of the windows before any agent is known.</summary>
    public static readonly GumbelPrior[] Priors = [new(1.69, .51), new(1.40, .55), new(.86, .56), new(.35, .44), new(.67, .65)];

    /// <summary>Minutes of the windows; of drift, the least that it needs.</summary>
    public static readonly int[] Minutes = [1, 5, 60, 360, 60, 30];

    private const int BinMinutes = CallForecast.BinMinutes;

    // What is not scored, being ordinary: the calibrators need the largest surprisals of hours, an open window only those that may raise an alarm.
    private const double ClosedDeviations = 0.7;
    private const double OpenDeviations = 3;
    private const int LongestSilenceMinutes = 14 * 1440;
    private const double MostCount = 2e9;

    private long _next;
    private CallForecast _forecast;
    private RecentMinutes _minutes;
    private TrailingWindow _hour;
    private TrailingWindow _sixHours;
    private CallSums _inBin;
    private CallSums _inHalf;
    private CallSums _inHour;
    private CallSums _inBlock;
    private WindowSpreads _spreads;
    private LevelChange _change;
    private WindowCalibrators _calibrators;

    /// <summary>The minute that is closed next, counted from 1 January of year 1; 0 before the first.</summary>
    public readonly long Next => _next;

    /// <summary>What was counted in the last full hour, and what the profile expected.</summary>
    public (float Counted, float Expected) LastHour { get; private set; }

    /// <summary>Whole days that the agent is known, silences beyond two weeks not counted.</summary>
    public readonly int DaysKnown => (int)(_forecast.HoursKnown(_next) / 24);

    /// <summary>Decades to be taken off return periods: what is spent too much, and while baselines are not settled.</summary>
    public readonly double Penalty(VolumePeers peers) => peers.Offset + (DaysKnown < SettledDays ? ProvisionalDecades : 0);

    /// <summary>What is expected of calls in the present minute and the five that end with it.</summary>
    public readonly (double One, double Five) ExpectedNow => (_forecast.Expected(_next, 1, _forecast.Now, _forecast.Before), _forecast.Expected(_next, BinMinutes, _forecast.Now, _forecast.Before));

    /// <summary>The minute that was closed last, for amounts to be held against.</summary>
    /// <param name="calls">Calls in it.</param>
    /// <param name="expected">What <see cref="ExpectedNow"/> was before it was closed.</param>
    /// <param name="peers">What is known across agents.</param>
    public readonly CallSpan Closed(double calls, (double One, double Five) expected, VolumePeers peers) =>
        CallSpan.Of(_next, calls, expected, Penalty(peers), _forecast, _hour, _sixHours);

    /// <summary>Begins with the minute that is closed first.</summary>
    public void Begin(long minute, VolumePeers peers)
    {
        _next = minute;
        _forecast.Begin(minute);
        _spreads.Begin();
        _forecast.BeginBin(minute, peers.IsDayOff(minute));
    }

    /// <summary>How many minutes before <paramref name="minute"/> are to be closed as silent; the rest of a long silence is passed over.</summary>
    public long Skip(long minute, LearningGate gate)
    {
        var silent = minute - _next;
        if (silent <= LongestSilenceMinutes)
        {
            return Math.Max(0, silent);
        }

        // Whole weeks, so that nothing else has to move.
        var passed = (silent - LongestSilenceMinutes + 10079) / 10080 * 10080;
        if (gate != LearningGate.Frozen || _forecast.HoursKnown(_next) == 0)
        {
            _forecast.Skip(passed / 60);
        }

        _next += passed;
        return silent - passed;
    }

    /// <summary>Closes the next minute.</summary>
    /// <param name="count">Calls in it; over 2 · 10⁹ counts as that.</param>
    /// <param name="gate">How much may be learned.</param>
    /// <param name="peers">What is known across agents.</param>
    /// <param name="least">Windows shorter than so many minutes are not scored.</param>
    /// <param name="reading">Gets the most surprising window.</param>
    public void Close(double count, LearningGate gate, VolumePeers peers, int least, ref VolumeReading reading)
    {
        count = Math.Clamp(count, 0, MostCount);
        if (count > 0 && least <= BinMinutes)
        {
            var five = count + _minutes.Sum;
            if (least == 1)
            {
                Offer(Short(0, count, _next, _forecast.Now, _forecast.Before, ClosedDeviations), gate, peers, ref reading);
            }

            if (least == 1 || _next % BinMinutes == BinMinutes - 1)
            {
                Offer(Short(1, five, _next, _forecast.Now, _forecast.Before, ClosedDeviations), gate, peers, ref reading);
            }
        }

        Pass(count, 1, gate, peers, least, ref reading);
    }

    /// <summary>Closes minutes without calls, all at once: to the end of the present bin and no further.</summary>
    /// <param name="most">How many there are, at least 1.</param>
    /// <param name="gate">How much may be learned.</param>
    /// <param name="peers">What is known across agents.</param>
    /// <param name="reading">Gets the most surprising window.</param>
    /// <param name="least">Windows shorter than so many minutes are not scored.</param>
    /// <returns>How many were closed.</returns>
    public int CloseSilent(long most, LearningGate gate, VolumePeers peers, ref VolumeReading reading, int least = 1)
    {
        var minutes = (int)Math.Min(most, BinMinutes - (_next % BinMinutes));
        Pass(0, minutes, gate, peers, least, ref reading);
        return minutes;
    }

    /// <summary>Scores a minute that may still be open, by what is known up to the last closed one: an upper bound of its probability.</summary>
    /// <param name="minute">The minute, not closed yet.</param>
    /// <param name="count">Calls in it so far; over 2 · 10⁹ counts as that.</param>
    /// <param name="before">Calls in the four minutes before it that are not closed either.</param>
    /// <param name="peers">What is known across agents.</param>
    /// <param name="reading">Gets the most surprising window.</param>
    public readonly void Open(long minute, double count, double before, VolumePeers peers, ref VolumeReading reading)
    {
        count = Math.Min(count, MostCount);
        var five = count + before;
        for (var closed = Math.Max(_next - 4, minute - 4); closed < _next; closed++)
        {
            five += _minutes.Of(closed);
        }

        // One call by itself is never news, as long as its minute is open: what was seen of an agent does not prove that it makes none.
        if (five > 1)
        {
            _forecast.Of(minute, _next, out var now, out var was);
            OfferOpen(Short(0, count, minute, now, was, OpenDeviations), peers, ref reading);
            OfferOpen(Short(1, five, minute, now, was, OpenDeviations), peers, ref reading);
        }
    }

    /// <summary>Calls expected in a minute that is not closed yet.</summary>
    public readonly double ExpectedIn(long minute)
    {
        var rates = _forecast.Of(minute, _next);
        return _forecast.Expected(minute, 1, rates, rates);
    }

    /// <summary>How many calls are usual in the minutes from one on.</summary>
    public readonly ExpectedRange Usual(long minute, int minutes = 1)
    {
        var mean = CallForecast.LeastExpected;
        for (var m = minute; m < minute + minutes; m += BinMinutes)
        {
            mean += ExpectedIn(m) * Math.Min(BinMinutes, minute + minutes - m);
        }

        var dispersion = minutes < 5 ? _spreads.One.At(mean) : minutes < 60 ? _spreads.Five.At(mean) : _spreads.Hour.At(mean);
        var deviation = Math.Sqrt(mean + (dispersion * mean * mean));
        return new ExpectedRange(Math.Max(0, mean - (2 * deviation)), mean + (3 * deviation));
    }

    /// <summary>The largest count of a window that would not have reached a return period.</summary>
    public readonly double MostUsual(in VolumeReading reading, double logReturnPeriod, VolumePeers peers)
    {
        var surprisal = _calibrators.Surprisal(reading.Window, logReturnPeriod + Penalty(peers), peers);
        return reading.Mean > 0 ? NegativeBinomial.UpperQuantileOfLog(-surprisal / LogSpace.DecimalPerNatural, reading.Mean, reading.Dispersion) - 1 : 0;
    }

    /// <summary>Takes what a settled agent's block says into what is known across agents.</summary>
    public readonly void Teach(VolumePeers peers) => _calibrators.Teach(peers);

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_next);
        if (_next == 0)
        {
            return;
        }

        _forecast.Save(writer);
        _minutes.Save(writer);
        _hour.Save(writer);
        _sixHours.Save(writer);
        foreach (ref readonly var sums in (ReadOnlySpan<CallSums>)[_inBin, _inHalf, _inHour, _inBlock])
        {
            sums.Save(writer);
        }

        _spreads.Save(writer);
        _change.Save(writer);
        _calibrators.Save(writer);
        writer.WriteSingle(LastHour.Counted);
        writer.WriteSingle(LastHour.Expected);
    }

    public void Load(ref MemoryReader reader)
    {
        _next = reader.ReadUnits(TimeSpan.TicksPerMinute);
        if (_next == 0)
        {
            return;
        }

        _forecast.Load(ref reader, _next);
        _minutes.Load(ref reader);
        _hour.Load(ref reader);
        _sixHours.Load(ref reader);
        _inBin.Load(ref reader);
        _inHalf.Load(ref reader);
        _inHour.Load(ref reader);
        _inBlock.Load(ref reader);
        _spreads.Load(ref reader);
        _change.Load(ref reader);
        _calibrators.Load(ref reader);
        LastHour = (SavedFloat.Read(ref reader, 0, 1e12), SavedFloat.Read(ref reader, 0, 1e12));
    }

    /// <summary>Takes a minute, or minutes without calls, of one bin.</summary>
    private void Pass(double count, int minutes, LearningGate gate, VolumePeers peers, int least, ref VolumeReading reading)
    {
        if (minutes == 1)
        {
            _minutes.Push(_next, count);
        }
        else
        {
            _minutes.Pass(_next + minutes, minutes);
        }

        var mix = _forecast.Mix;
        var learned = _spreads.Learned(count, mix, gate, _forecast.HoursKnown(_next) < CallForecast.HoursToLevel);
        if (gate != LearningGate.Frozen)
        {
            _spreads.LearnMinutes(gate == LearningGate.Open ? learned : _spreads.One.Bounded(count, mix), mix, minutes);
        }

        _inBin.Add(minutes * count, minutes * learned, minutes * mix, minutes * _forecast.Profile);
        _next += minutes;
        if (_next % BinMinutes == 0)
        {
            EndBin(gate, peers, least, ref reading);
            _forecast.BeginBin(_next, peers.IsDayOff(_next));
        }
    }

    private void EndBin(LearningGate gate, VolumePeers peers, int least, ref VolumeReading reading)
    {
        var bin = (_next / BinMinutes) - 1;
        if (gate != LearningGate.Frozen)
        {
            _forecast.LearnBin(bin, _inBin.Learned, _spreads.Five.Parts);
            _spreads.LearnBin(gate == LearningGate.Open ? _inBin.Learned : _spreads.Five.Bounded(_inBin.Count, _inBin.Mean), _inBin.Mean);
        }

        // After an outage the last hours foretell nothing: what is usual at this time of the week is never unusual.
        _hour.Push(bin, _inBin.Count, Math.Max(_inBin.Mean, _inBin.Profile));
        if (least <= 60 && (_inBin.Count > 0 || _next % 30 == 0))
        {
            // A burst of minutes says more in half an hour than in a whole one.
            var (hour, half) = (Long(Hour, (_hour.Count, _hour.Mean), 12), least <= 30 ? Long(HalfHour, _hour.Last(bin, 6), 6) : VolumeReading.None);
            Offer(half.Surprisal > hour.Surprisal ? half : hour, gate, peers, ref reading);
        }

        _inHalf.Add(_inBin);
        _inHour.Add(_inBin);
        _inBin = default;
        if (_next % 30 == 0)
        {
            // The forecast follows what lasts for hours; here it is what is looked for.
            _sixHours.Push(_next / 30, _inHalf.Count, _inHalf.Profile);
            Offer(Long(SixHours, (_sixHours.Count, _sixHours.Mean), 72), gate, peers, ref reading);
            if (_inHalf.Count > 0 && _forecast.HoursKnown(_next) >= CallForecast.HoursToLevel)
            {
                Offer(_change.Worst(Drift, _sixHours, _next / 30), gate, peers, ref reading);
            }

            _inHalf = default;
        }

        if (_next % 60 == 0)
        {
            EndHour(gate, peers, ref reading);
        }
    }

    private void EndHour(LearningGate gate, VolumePeers peers, ref VolumeReading reading)
    {
        var age = _forecast.HoursKnown(_next);
        if (gate != LearningGate.Frozen)
        {
            _spreads.LearnHour(gate == LearningGate.Open ? _inHour.Learned : _spreads.Hour.Bounded(_inHour.Count, _inHour.Mean), _inHour.Mean);
            _change.Learn(_inHour.Learned, _inHour.Profile, WindowSpreads.Keep60);
            _spreads.EndHour(age, ref _change);
            _calibrators.EndHour(age);
        }

        _forecast.EndHour((_next / 60) - 1, _inHour.Learned, gate);
        LastHour = (_inHour.Count, _inHour.Profile);
        _inBlock.Add(_inHour);
        _inHour = default;
        if (_next % BlockMinutes == 0)
        {
            if (gate != LearningGate.Frozen)
            {
                _spreads.LearnSixHours(_inBlock.Learned, _inBlock.Profile);
                _calibrators.EndBlock(_inBlock.Count > 0, peers);
            }

            _inBlock = default;
        }
    }

    /// <summary>A window of one or five minutes. Nothing is said of what lies within so many deviations.</summary>
    private readonly VolumeReading Short(int window, double count, long minute, in CallForecast.Rates now, in CallForecast.Rates was, double deviations)
    {
        ref readonly var spread = ref window == 0 ? ref _spreads.One : ref _spreads.Five;
        var parts = spread.Parts;
        var mean = _forecast.Expected(minute, Minutes[window], now, was) + CallForecast.LeastExpected;
        return count < 1 || spread.IsWithin(deviations, count, mean)
            ? VolumeReading.None
            : new VolumeReading(window, _forecast.Surprisal(count, minute, Minutes[window], now, was, parts), count, mean, Spread.At(parts, mean));
    }

    /// <summary>A window of half an hour and more that ends with the last bin.</summary>
    private readonly VolumeReading Long(int window, (double Count, double Mean) span, int bins)
    {
        var (count, mean) = span;
        mean += count > mean ? _forecast.Edges(_next / BinMinutes, bins, mean / bins) + CallForecast.LeastExpected : 0;
        if (count < 0.5 || count <= mean)
        {
            return VolumeReading.None;
        }

        var dispersion = window == SixHours ? _spreads.OfSixHours(mean) : _spreads.OfHour(mean);
        return new VolumeReading(window, NegativeBinomial.Surprisal((long)Math.Round(count), mean, dispersion), count, mean, dispersion);
    }

    private void Offer(in VolumeReading found, LearningGate gate, VolumePeers peers, ref VolumeReading reading)
    {
        if (found.Window >= 0 && DaysKnown >= SilentDays)
        {
            OfferOpen(found, peers, ref reading);
            _calibrators.Observe(found, gate, peers);
        }
    }

    private readonly void OfferOpen(in VolumeReading found, VolumePeers peers, ref VolumeReading reading)
    {
        if (found.Window >= 0 && DaysKnown >= SilentDays)
        {
            var log = _calibrators.LogReturnPeriod(found.Window, found.Surprisal, peers) - Penalty(peers);
            if (log > reading.LogReturnPeriod)
            {
                reading = found with { LogReturnPeriod = log };
            }
        }
    }
}
