using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// How many calls an agent is expected to make in the present minute. 0.6 KB. Part of a <see cref="CallModel"/>.
/// </summary>
/// <remarks>
/// Three experts: the rate of the hour of the week times the level of the last days; the same times the shape of the day, for batches; the mean of the last
/// hours. Their weights follow from how well they foretold the five-minute bins so far, with a memory of a day (Bayesian model averaging with forgetting;
/// Raftery et al. 2010). All rates are calls a minute. Time goes on in bins of five minutes.
/// </remarks>
internal struct CallForecast
{
    /// <summary>How many experts there are. Position 1 is the one that knows batches.</summary>
    public const int Experts = 3;

    public const int BinMinutes = 5;

    /// <summary>Added to every mean of a span: what was seen of an agent never proves that it makes no calls at all.</summary>
    public const double LeastExpected = 0.02;

    /// <summary>From this age on the level of the last days is told from the profile, in hours.</summary>
    public const int HoursToLevel = 7 * 24;

    // Before, the hours expect nothing that a bin could be held against.
    private const int HoursToShape = 48;

    private const double LevelHalfLifeDays = 3;
    private const double MostLevel = 3;
    private const double RecentHalfLifeHours = 6;
    private const double ScoreKeep = 0.995;
    private const double LeastScore = -30;
    private const double LeastWeight = 1e-5;

    // After an outage the last hours foretell nothing: what is usual at this time of the week keeps so much weight in what is surprising.
    private const double LeastProfile = 0.1;

    // An expert of so little weight, against what the others say, adds no more than that to a probability.
    private const double Negligible = 0.01;
    private const double MostCount = 2e9;
    private const double MostSum = 1e16;

    private static readonly double KeepLevel = Math.Pow(2, -BinMinutes / (LevelHalfLifeDays * 1440));
    private static readonly double KeepRecent = Math.Pow(2, -BinMinutes / (RecentHalfLifeHours * 60));

    private WeekProfile _week;
    private DayShape _shape;

    // Derived, of the present hour and of the present bin. The largest stand first, so that none is padded.
    private double _rate;
    private double _profile;
    private uint _rateHour;

    private float _recent;
    private float _levelCounted;
    private float _levelExpected;
    private Triple _scores;
    private Triple _weights;

    // Of the present bin, which is derived, and of the one before.
    private Rates _now;
    private Rates _before;
    private bool _isDayOff;

    /// <summary>Hours that the profile has seen.</summary>
    public readonly long HoursKnown(long minute) => Math.Max(0, (minute / 60) - _week.Since);

    /// <summary>The rate of the present bin, all experts together.</summary>
    public readonly double Mix => Weigh(_now);

    /// <summary>The rate of the present bin as the profile alone sees it: it does not follow what happens within hours.</summary>
    public readonly double Profile => ((_weights[0] * _now.Mean[0]) + (_weights[1] * _now.Mean[1])) / (_weights[0] + _weights[1]);

    public readonly double Weight(int expert) => _weights[expert];

    /// <summary>Rates of the present bin.</summary>
    public readonly Rates Now => _now;

    /// <summary>Rates of the bin before.</summary>
    public readonly Rates Before => _before;

    /// <summary>Rates of a bin and of the one before it; of the present one and its predecessor as they are at hand, of others as known now.</summary>
    /// <param name="minute">A minute of the bin, not before the present one.</param>
    /// <param name="present">A minute of the present bin.</param>
    /// <param name="now">Gets the rates of the bin.</param>
    /// <param name="was">Gets those of the bin before.</param>
    public readonly void Of(long minute, long present, out Rates now, out Rates was)
    {
        var ahead = (minute / BinMinutes) - (present / BinMinutes);
        if (ahead == 0)
        {
            (now, was) = (_now, _before);
            return;
        }

        var (hour, before) = (minute / 60, minute - BinMinutes);
        var rate = RateOf(hour);
        At(minute, rate, out now);
        was = _now;
        if (ahead > 1)
        {
            At(before, before / 60 == hour ? rate : RateOf(before / 60), out was);
        }
    }

    /// <summary>Rates of a bin, not before the present one.</summary>
    /// <param name="minute">A minute of it.</param>
    /// <param name="present">A minute of the present bin.</param>
    public readonly Rates Of(long minute, long present)
    {
        if (minute / BinMinutes == present / BinMinutes)
        {
            return _now;
        }

        At(minute, RateOf(minute / 60), out var rates);
        return rates;
    }

    /// <summary>Begins with nothing known.</summary>
    /// <param name="minute">The first minute; profiles are learned from the first full hour on.</param>
    public void Begin(long minute)
    {
        _weights[0] = _weights[1] = _weights[2] = 1f / Experts;
        _week.Since = (minute + 59) / 60;
    }

    /// <summary>Begins the bin that the minute is in.</summary>
    public void BeginBin(long minute, bool isDayOff)
    {
        _before = _now;
        if (minute / 60 != _rateHour || isDayOff != _isDayOff)
        {
            BeginHour(minute / 60, isDayOff);
        }

        _profile = At(minute, RateOf(minute / 60), out _now);
    }

    /// <summary>The rates of any bin, as known now.</summary>
    /// <param name="minute">A minute of it.</param>
    /// <param name="ofHour">What the week's profile says of its hour.</param>
    /// <param name="rates">Gets the rates.</param>
    /// <returns>That of the profile alone.</returns>
    private readonly double At(long minute, double ofHour, out Rates rates)
    {
        var bin = (int)(minute / BinMinutes % DayShape.Bins);
        var profile = ofHour * Level(minute);
        var here = _shape.Factor(bin);
        var around = Math.Max(_shape.Factor((bin + 1) % DayShape.Bins), _shape.Factor((bin + DayShape.Bins - 1) % DayShape.Bins));
        rates = default;
        rates.Band = (float)(profile * Math.Max(here, around));
        rates.Mean[0] = (float)profile;
        rates.Mean[1] = (float)(profile * here);
        rates.Mean[2] = _recent;
        return profile;
    }

    /// <summary>Calls expected in a span that ends with a minute, at most five minutes long; batches may come a bin early or late.</summary>
    public readonly double Expected(long minute, int minutes, in Rates now, in Rates was)
    {
        var inside = Math.Min(minutes, (int)(minute % BinMinutes) + 1);
        return (inside * WeighBand(now)) + ((minutes - inside) * WeighBand(was));
    }

    /// <summary>−log10 of the probability, all experts together, of at least so many calls in such a span. At most 300.</summary>
    public readonly double Surprisal(double count, long minute, int minutes, in Rates now, in Rates was, in (double Session, double Square) parts)
    {
        var inside = Math.Min(minutes, (int)(minute % BinMinutes) + 1);
        var p = 0.0;
        var profile = _weights[0] + _weights[1];
        for (var k = 0; k < Experts; k++)
        {
            var mean = LeastExpected + (k == 1
                ? (inside * now.Band) + ((minutes - inside) * was.Band)
                : (inside * now.Mean[k]) + ((minutes - inside) * was.Mean[k]));
            var weight = k == 2 ? Math.Min(_weights[k], 1 - LeastProfile) : profile > LeastProfile ? _weights[k] : _weights[k] * LeastProfile / profile;
            if (weight > Negligible * p)
            {
                p += weight * (count <= mean / 2 ? 1 : NegativeBinomial.UpperTail((long)Math.Round(count), mean, Spread.At(parts, mean)));
            }
        }

        return p > 1e-300 ? Math.Max(0, -Math.Log(p) * LogSpace.DecimalPerNatural) : 300;
    }

    /// <summary>
    /// What a batch that is due just outside of a span of bins may bring into it: how far the bins before and after it stand out from the span's mean.
    /// </summary>
    /// <param name="next">The bin that follows the span.</param>
    /// <param name="bins">Bins of the span.</param>
    /// <param name="usual">Mean calls of a bin of the span.</param>
    public readonly double Edges(long next, int bins, double usual) => _weights[1] * (Edge(next, usual) + Edge(next - bins - 1, usual));

    /// <summary>Ends the bin and learns it.</summary>
    /// <param name="bin">Number of the bin since 1 January of year 1.</param>
    /// <param name="learned">Calls of the bin, as far as they are to be learned.</param>
    /// <param name="parts">How five-minute counts vary: <see cref="Spread.Parts"/>.</param>
    public void LearnBin(long bin, double learned, in (double Session, double Square) parts)
    {
        Judge(learned, parts);
        var (level, age) = (Level(bin * BinMinutes), HoursKnown(bin * BinMinutes));
        if (age >= HoursToShape)
        {
            var most = BinMinutes * Math.Max(_profile, _week.BusierRate(bin * BinMinutes / 60) * level);
            _shape.Learn((int)(bin % DayShape.Bins), learned, BinMinutes * _profile, most, (age - HoursToShape) / 24, bin);
        }

        _recent = (float)((KeepRecent * _recent) + ((1 - KeepRecent) * learned / BinMinutes));
        if (age >= HoursToLevel)
        {
            _levelCounted = (float)((KeepLevel * _levelCounted) + learned);
            _levelExpected = (float)((KeepLevel * _levelExpected) + (BinMinutes * _profile / level));
        }
    }

    /// <summary>Ends an hour and learns it.</summary>
    public void EndHour(long hour, double learned, LearningGate gate)
    {
        if (gate != LearningGate.Frozen)
        {
            _week.Learn(hour, learned / 60, _isDayOff);
        }
        else if (hour == _week.Since)
        {
            // Profiles begin with an hour that is learned.
            _week.Since++;
        }
    }

    /// <summary>A silence that nobody wants to learn: everything stays as it is, only later.</summary>
    public void Skip(long hours)
    {
        _week.Since += hours;
        _rateHour += (uint)hours;
    }

    public readonly void Save(MemoryWriter writer)
    {
        _week.Save(writer);
        _shape.Save(writer);
        writer.WriteSingle(_recent);
        writer.WriteSingle(_levelCounted);
        writer.WriteSingle(_levelExpected);
        writer.WriteBoolean(_isDayOff);
        _before.Save(writer);
        for (var k = 0; k < Experts; k++)
        {
            writer.WriteSingle(_scores[k]);
            writer.WriteSingle(_weights[k]);
        }
    }

    /// <summary>Loads; the present bin is derived anew.</summary>
    public void Load(ref MemoryReader reader, long minute)
    {
        _week.Load(ref reader);
        _shape.Load(ref reader);
        _recent = SavedFloat.Read(ref reader, 0, MostCount);
        _levelCounted = SavedFloat.Read(ref reader, 0, MostSum);
        _levelExpected = SavedFloat.Read(ref reader, 0, MostSum);
        _isDayOff = reader.ReadBoolean();
        _before.Load(ref reader);
        for (var k = 0; k < Experts; k++)
        {
            _scores[k] = SavedFloat.Read(ref reader, LeastScore, 0);
            _weights[k] = SavedFloat.Read(ref reader, LeastWeight / Experts, 1.0001);
        }

        BeginHour(minute / 60, _isDayOff);
        _profile = At(minute, RateOf(minute / 60), out _now);
    }

    /// <summary>Weighs the experts by how well they foretold a bin. All at once; the last of four lanes repeats the third.</summary>
    private void Judge(double learned, in (double Session, double Square) parts)
    {
        var means = (BinMinutes * Vector256.Create(_now.Mean[0], _now.Mean[1], _now.Mean[2], (double)_now.Mean[2])) + Vector256.Create(LeastExpected);
        var masses = learned >= 0.5 ? LogMasses(learned, means, parts) : LogMassesOfNone(means, parts);
        var scores = (ScoreKeep * Vector256.Create(_scores[0], _scores[1], _scores[2], (double)_scores[2])) + masses;
        scores = Vector256.Max(scores - Vector256.Create(Math.Max(Math.Max(scores[0], scores[1]), scores[2])), Vector256.Create(LeastScore));
        var weights = Vector256.Max(Vector256.Exp(scores), Vector256.Create(LeastWeight));
        weights /= Vector256.Create(weights[0] + weights[1] + weights[2]);
        for (var k = 0; k < Experts; k++)
        {
            (_scores[k], _weights[k]) = ((float)scores[k], (float)weights[k]);
        }
    }

    private void BeginHour(long hour, bool isDayOff) => (_rateHour, _isDayOff, _rate) = ((uint)hour, isDayOff, _week.Rate(hour, isDayOff));

    private readonly double RateOf(long hour) => hour == _rateHour ? _rate : _week.Rate(hour, _isDayOff);

    private readonly double Level(long minute) => HoursKnown(minute) < HoursToLevel ? 1 : Math.Clamp((_levelCounted + 2) / (_levelExpected + 2), 1 / MostLevel, MostLevel);

    private readonly double Weigh(in Rates rates) => (_weights[0] * rates.Mean[0]) + (_weights[1] * rates.Mean[1]) + (_weights[2] * rates.Mean[2]);

    private readonly double WeighBand(in Rates rates) => (_weights[0] * rates.Mean[0]) + (_weights[1] * rates.Band) + (_weights[2] * rates.Mean[2]);

    private readonly double Edge(long bin, double usual)
    {
        var mean = BinMinutes * RateOf(bin * BinMinutes / 60) * Level(bin * BinMinutes) * _shape.Factor((int)(bin % DayShape.Bins));
        return mean > 2 * usual ? mean - usual : 0;
    }

    private static Vector256<double> LogMasses(double count, in Vector256<double> means, in (double Session, double Square) parts)
    {
        var n = (long)Math.Round(count);
        return Vector256.Create(
            NegativeBinomial.LogMass(n, means[0], Spread.At(parts, means[0])),
            NegativeBinomial.LogMass(n, means[1], Spread.At(parts, means[1])),
            NegativeBinomial.LogMass(n, means[2], Spread.At(parts, means[2])),
            0);
    }

    /// <summary>−ln (1 + φμ) / φ: of nothing counted.</summary>
    private static Vector256<double> LogMassesOfNone(in Vector256<double> means, in (double Session, double Square) parts)
    {
        var odds = Vector256.Create(parts.Session) + (parts.Square * means);
        var ratio = Vector256.ConditionalSelect(
            Vector256.GreaterThan(odds, Vector256.Create(0.01)), Vector256.Log(Vector256<double>.One + odds) / odds, Vector256<double>.One - (odds / 2));
        return -means * ratio;
    }

    /// <summary>What the experts say of a bin, in calls a minute.</summary>
    internal struct Rates
    {
        /// <summary>The means.</summary>
        public Means Mean;

        /// <summary>For expert 1: the largest of the bin and its neighbours, because schedules are kept to some minutes only.</summary>
        public float Band;

        public readonly void Save(MemoryWriter writer)
        {
            writer.WriteSingle(Band);
            foreach (var mean in Mean)
            {
                writer.WriteSingle(mean);
            }
        }

        public void Load(ref MemoryReader reader)
        {
            Band = SavedFloat.Read(ref reader, 0, MostCount);
            foreach (ref var mean in (Span<float>)Mean)
            {
                mean = SavedFloat.Read(ref reader, 0, MostCount);
            }
        }
    }

    [InlineArray(Experts)]
    internal struct Means
    {
        private float _first;
    }

    [InlineArray(Experts)]
    private struct Triple
    {
        private float _first;
    }
}
