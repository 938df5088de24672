using System.Runtime.CompilerServices;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// Something that calls bring with them, such as records, bytes or errors, in the windows of a <see cref="CallModel"/>. 124 bytes.
/// </summary>
/// <remarks>
/// An amount is told in units: what a minute that brings any usually brings. Units are then expected in proportion to calls, and are negative binomial: the
/// <see cref="Spread"/>'s ψ is what a few calls with much in them add (quasi-likelihood; Wedderburn 1974), so that one model serves five kinds of amounts.
/// One calibrator sees the most surprising of all windows, each less what is usual of it.
/// </remarks>
internal struct AmountModel
{
    private const int Minutes = 4;
    private const int Parts = 12;
    private const double LeastCalls = 30;

    // What of calls fails or is denied, as is believed before anything is known.
    private const double PriorPerCall = 0.02;
    private const double KeepPerHour = 0.9959;
    private const double SpreadMemoryMinutes = 7 * 1440;
    private const double Shift = 1.5;
    private const double MostAmount = 1e15;

    // Half precision holds no more.
    private const double MostUnits = 60000;

    private const double LeastMinutes = 5;
    private const double FullUnits = 3;
    private const double MostSum = 1e20;

    // An open minute is only scored when it may raise an alarm.
    private const double OpenDeviations = 3;

    // Within so many deviations no window is more surprising than what is usual of it, which then is all that counts.
    private static readonly double[] OrdinaryDeviations = [1.5, 1.5, 0.9, 0];

    private static readonly double Keep60 = Math.Exp(-60 / SpreadMemoryMinutes);

    private float _amount;
    private float _calls;
    private float _active;
    private Four _minutes;
    private Twelve _hour;
    private Twelve _sixHours;
    private float _inBin;
    private float _inHalf;
    private float _inHour;
    private Spread _spread;
    private ShiryaevRoberts _change;
    private ActiveCalibrator _calibrator;

    /// <summary>True when enough is known of the kind to say anything.</summary>
    public readonly bool IsKnown(AmountKind kind) => kind.IsCount || (_calls >= LeastCalls && _active >= LeastMinutes);

    /// <summary>What a minute usually brings that brings any; at least 1 of what is counted.</summary>
    private readonly double Unit(AmountKind kind) => kind.IsCount ? Math.Max(1, _active > 0 ? _amount / _active : 1) : Math.Max(1e-9, _amount / _active);

    /// <summary>Units that a call usually brings.</summary>
    private readonly double UnitsPerCall(AmountKind kind) =>
        Math.Min(1, kind.IsCount ? (_active + (PriorPerCall * LeastCalls)) / (_calls + LeastCalls) : _active / _calls);

    /// <summary>Closes a minute.</summary>
    /// <param name="kind">What it is that is counted.</param>
    /// <param name="amount">The amount in the minute, at least 0.</param>
    /// <param name="span">What was expected of calls.</param>
    /// <param name="gate">How much may be learned.</param>
    /// <param name="peers">What is known across agents.</param>
    /// <param name="reading">Gets the most surprising window.</param>
    public void Close(AmountKind kind, double amount, in CallSpan span, LearningGate gate, VolumePeers peers, ref VolumeReading reading)
    {
        amount = Math.Min(amount, MostAmount);
        var endsBin = (span.Minute + 1) % CallForecast.BinMinutes == 0;
        var scale = amount > 0 || endsBin ? ScaleOf(kind) : default;
        var units = amount > 0 && scale.Unit > 0 ? Units(amount, scale) : 0;
        if (units > 0)
        {
            var five = units + PositiveHalf.Value(_minutes[0]) + PositiveHalf.Value(_minutes[1]) + PositiveHalf.Value(_minutes[2]) + PositiveHalf.Value(_minutes[3]);
            var unweighed = amount - (units * scale.Unit);
            Offer(kind, Window(0, units, scale.PerCall * span.One, OrdinaryDeviations[0]) with { Unweighed = unweighed }, gate, peers, span.Penalty, scale, ref reading);
            Offer(kind, Window(1, five, scale.PerCall * span.Five, OrdinaryDeviations[1]) with { Unweighed = unweighed }, gate, peers, span.Penalty, scale, ref reading);
        }

        _minutes[(int)(span.Minute & (Minutes - 1))] = PositiveHalf.Of(units);
        _inBin += (float)units;
        if (gate == LearningGate.Open)
        {
            // One wild minute counts as a hundred usual ones.
            _amount = (float)Math.Min(_amount + (scale.Unit > 0 ? Math.Min(amount, 100 * scale.Unit) : amount), MostSum);
            _calls += (float)span.Calls;
            _active += amount > 0 ? 1 : 0;
        }

        if (endsBin)
        {
            EndBin(kind, span, gate, peers, scale, ref reading);
        }
    }

    /// <summary>The place of the bin that ends before a minute.</summary>
    public static int OfBin(long next) => (int)(next / CallForecast.BinMinutes % Parts);

    /// <summary>The place of the half hour that ends before a minute.</summary>
    public static int OfHalfHour(long next) => (int)(next / 30 % Parts);

    /// <summary>True when minutes that end a bin and bring nothing may be passed over, if they end no hour: they end no span that something was added to.</summary>
    /// <param name="ofHalfHour">The place of the half hour that they end; −1 when they end none.</param>
    public readonly bool IsIdle(int ofHalfHour) => _inBin == 0 && (ofHalfHour < 0 || _inHalf == 0);

    /// <summary>Passes over minutes that bring nothing, of one bin.</summary>
    /// <param name="next">The minute that follows them.</param>
    /// <param name="minutes">How many.</param>
    /// <param name="ofBin">The place of the bin that they end; −1 when they end none.</param>
    /// <param name="ofHalfHour">The place of the half hour that they end; −1 when they end none.</param>
    public void Pass(long next, int minutes, int ofBin, int ofHalfHour)
    {
        if (minutes >= Minutes)
        {
            _minutes = default;
        }
        else
        {
            for (var minute = next - minutes; minute < next; minute++)
            {
                _minutes[(int)(minute & (Minutes - 1))] = Half.Zero;
            }
        }

        if (ofBin >= 0)
        {
            _hour[ofBin] = Half.Zero;
        }

        if (ofHalfHour >= 0)
        {
            _sixHours[ofHalfHour] = Half.Zero;
        }
    }

    /// <summary>Closes minutes that bring nothing and are not idle (<see cref="IsIdle"/>): they end a bin.</summary>
    /// <param name="kind">What it is that is counted.</param>
    /// <param name="minutes">How many.</param>
    /// <param name="span">What was expected of calls; of the last hours only.</param>
    /// <param name="gate">How much may be learned.</param>
    /// <param name="peers">What is known across agents.</param>
    /// <param name="reading">Gets the most surprising window.</param>
    public void CloseSilent(AmountKind kind, int minutes, in CallSpan span, LearningGate gate, VolumePeers peers, ref VolumeReading reading)
    {
        Pass(span.Minute + 1, minutes, -1, -1);
        EndBin(kind, span, gate, peers, ScaleOf(kind), ref reading);
    }

    /// <summary>True when a minute that may still be open brings nothing to speak of: one unit or none is never news, what was seen of an agent does not prove that it brings none.</summary>
    public readonly bool IsOrdinary(AmountKind kind, double amount) => amount < 1.5 || amount * _active < 1.5 * _amount || !IsKnown(kind);

    /// <summary>Scores a minute that may still be open and is not ordinary.</summary>
    /// <returns>True when it is unusual; <paramref name="reading"/> is set only then.</returns>
    public readonly bool Open(AmountKind kind, double amount, double expected, double penalty, VolumePeers peers, ref VolumeReading reading)
    {
        var scale = new Scale(Unit(kind), UnitsPerCall(kind));
        var units = Units(amount, scale);
        var found = Window(0, units, scale.PerCall * expected, OpenDeviations) with { Unweighed = amount - (units * scale.Unit) };
        if (found.Surprisal <= 0)
        {
            return false;
        }

        reading = Dated(kind, found, LogReturnPeriod(kind, found, peers, penalty), scale);
        return true;
    }

    /// <summary>The largest amount that would not have reached a return period.</summary>
    public readonly double MostUsual(AmountKind kind, in VolumeReading reading, double logReturnPeriod, VolumePeers peers, double penalty)
    {
        var surprisal = _calibrator.Surprisal(logReturnPeriod - kind.LogShare + penalty, peers.Prior(kind.PeerChannel)) + CallModel.Priors[reading.Window].Location;
        var units = NegativeBinomial.UpperQuantileOfLog(-surprisal / LogSpace.DecimalPerNatural, Math.Max(reading.Mean / reading.Unit, 1e-9), reading.Dispersion) - 1;
        return reading.Unit * (reading.Window == 0 ? Unweigh(units) : units);
    }

    /// <summary>Takes what a settled agent's block says into what is known across agents.</summary>
    public readonly void Teach(AmountKind kind, VolumePeers peers) => _calibrator.Teach(kind.PeerChannel, peers);

    /// <summary>Begins the drift anew, as after an alarm.</summary>
    public void RestartDrift() => _change.Restart();

    public readonly void Save(MemoryWriter writer)
    {
        foreach (var value in (ReadOnlySpan<float>)[_amount, _calls, _active, _inBin, _inHalf, _inHour])
        {
            writer.WriteSingle(value);
        }

        foreach (var units in _minutes)
        {
            writer.WriteHalf(units);
        }

        for (var i = 0; i < Parts; i++)
        {
            writer.WriteHalf(_hour[i]);
            writer.WriteHalf(_sixHours[i]);
        }

        _spread.Save(writer);
        _change.Save(writer);
        _calibrator.Save(writer);
    }

    public void Load(ref MemoryReader reader)
    {
        _amount = Read(ref reader);
        _calls = Read(ref reader);
        _active = Read(ref reader);
        _inBin = Read(ref reader);
        _inHalf = Read(ref reader);
        _inHour = Read(ref reader);
        foreach (ref var units in (Span<Half>)_minutes)
        {
            units = SavedFloat.ReadHalf(ref reader);
        }

        for (var i = 0; i < Parts; i++)
        {
            _hour[i] = SavedFloat.ReadHalf(ref reader);
            _sixHours[i] = SavedFloat.ReadHalf(ref reader);
        }

        _spread.Load(ref reader);
        _change = ShiryaevRoberts.Load(ref reader);
        _calibrator.Load(ref reader);
    }

    private static float Read(ref MemoryReader reader) => SavedFloat.Read(ref reader, 0, MostSum);

    private readonly Scale ScaleOf(AmountKind kind) => IsKnown(kind) ? new Scale(Unit(kind), UnitsPerCall(kind)) : default;

    private void EndBin(AmountKind kind, in CallSpan span, LearningGate gate, VolumePeers peers, in Scale scale, ref VolumeReading reading)
    {
        var next = span.Minute + 1;
        _hour[OfBin(next)] = PositiveHalf.Of(Math.Min(_inBin, MostUnits));
        _inHalf += _inBin;
        _inHour += _inBin;

        // A span that nothing was added to is not looked at again.
        var (brought, broughtInHalf) = (_inBin, _inHalf);
        _inBin = 0;
        if (brought > 0)
        {
            Offer(kind, Window(2, PositiveHalf.Sum(_hour), scale.PerCall * (span.Hour + span.HourEdges), OrdinaryDeviations[2]), gate, peers, span.Penalty, scale, ref reading);
        }

        if (next % 30 == 0)
        {
            _sixHours[OfHalfHour(next)] = PositiveHalf.Of(Math.Min(_inHalf, MostUnits));
            _inHalf = 0;
            if (broughtInHalf > 0)
            {
                Offer(kind, Window(3, PositiveHalf.Sum(_sixHours), scale.PerCall * (span.SixHours + span.SixHoursEdges), OrdinaryDeviations[3]), gate, peers, span.Penalty, scale, ref reading);
            }
        }

        if (next % 60 == 0)
        {
            EndHour(kind, span, gate, peers, scale, ref reading);
        }
    }

    private void EndHour(AmountKind kind, in CallSpan span, LearningGate gate, VolumePeers peers, in Scale scale, ref VolumeReading reading)
    {
        if (gate != LearningGate.Frozen)
        {
            if (scale.Unit > 0)
            {
                var mean = scale.PerCall * span.Hour;
                var parts = _spread.Parts;
                var dispersion = Spread.At(parts, mean + CallForecast.LeastExpected);
                var whole = (long)Math.Min(Math.Round(_inHour), 60 * MostUnits);
                _change.Step(NegativeBinomial.LogMass(whole, Shift * (mean + CallForecast.LeastExpected), dispersion)
                    - NegativeBinomial.LogMass(whole, mean + CallForecast.LeastExpected, dispersion));
                Offer(kind, new VolumeReading(CallModel.Drift, _change.Value > 1 ? Math.Log10(_change.Value) : 0, whole, mean, dispersion), gate, peers, span.Penalty, scale, ref reading);
                _spread.Learn(parts, whole, mean, Keep60);
            }

            _amount *= (float)KeepPerHour;
            _calls *= (float)KeepPerHour;
            _active *= (float)KeepPerHour;
            if ((span.Minute + 1) % CallModel.BlockMinutes == 0)
            {
                _calibrator.EndBlock(peers.Prior(kind.PeerChannel));
            }
        }

        _inHour = 0;
    }

    /// <summary>
    /// Units of a minute. What one minute brings has a heavy tail, so that beyond a few units only its logarithm counts: a single large read is what it is.
    /// </summary>
    private static double Units(double amount, in Scale scale)
    {
        var units = amount / scale.Unit;
        return Math.Min(units <= FullUnits ? units : FullUnits * (1 + Math.Log(units / FullUnits)), MostUnits);
    }

    /// <summary>The amount of a minute, in its usual amounts, that counts as so many units.</summary>
    private static double Unweigh(double units) => units <= FullUnits ? units : FullUnits * Math.Exp((units / FullUnits) - 1);

    /// <summary>What a window says; a surprisal of 0 when it is within so many deviations.</summary>
    private readonly VolumeReading Window(int window, double units, double mean, double deviations)
    {
        mean += CallForecast.LeastExpected;
        var whole = (long)Math.Round(units);
        if (whole <= mean)
        {
            return VolumeReading.None;
        }

        var isOrdinary = _spread.IsWithin(deviations, units, mean, out var parts);
        var dispersion = Spread.At(parts, mean);
        return new VolumeReading(window, isOrdinary ? 0 : NegativeBinomial.Surprisal(whole, mean, dispersion), units, mean, dispersion);
    }

    private void Offer(AmountKind kind, in VolumeReading found, LearningGate gate, VolumePeers peers, double penalty, in Scale scale, ref VolumeReading reading)
    {
        if (found.Window < 0)
        {
            return;
        }

        if (found.Surprisal > 0 && LogReturnPeriod(kind, found, peers, penalty) is var log && log > reading.LogReturnPeriod)
        {
            reading = Dated(kind, found, log, scale);
        }

        if (gate != LearningGate.Frozen)
        {
            _calibrator.Observe(Relative(found), gate == LearningGate.Suspicious, peers.Prior(kind.PeerChannel));
        }
    }

    private readonly double LogReturnPeriod(AmountKind kind, in VolumeReading found, VolumePeers peers, double penalty) =>
        _calibrator.LogReturnPeriod(Relative(found), peers.Prior(kind.PeerChannel)) + kind.LogShare - penalty;

    private static VolumeReading Dated(AmountKind kind, in VolumeReading found, double logReturnPeriod, in Scale scale) => found with
    {
        Observed = kind.IsCount ? Math.Round((found.Observed * scale.Unit) + found.Unweighed) : (found.Observed * scale.Unit) + found.Unweighed,
        Mean = found.Mean * scale.Unit,
        Unit = scale.Unit,
        LogReturnPeriod = logReturnPeriod,
    };

    // Windows have different numbers of trials in a block. Over 0, because there was something to judge.
    private static double Relative(in VolumeReading found) => Math.Max(1e-3, found.Surprisal - CallModel.Priors[found.Window].Location);

    /// <summary>Size of a unit, and units that a call brings.</summary>
    private readonly record struct Scale(double Unit, double PerCall);

    [InlineArray(Minutes)]
    private struct Four
    {
        private Half _first;
    }

    [InlineArray(Parts)]
    private struct Twelve
    {
        private Half _first;
    }
}
