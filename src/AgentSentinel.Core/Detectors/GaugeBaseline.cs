using System.Runtime.CompilerServices;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// What is usual of a quantity per call for one agent: how far the mean logarithm of a minute's calls lies above what is usual of their tools, by how many calls
/// the minute had, and the same smoothed over some twelve minutes with calls. The tails are Student's. A mutable value of 120 bytes, kept in single precision.
/// </summary>
internal struct GaugeBaseline
{
    // Minutes with 1, 2 to 5, and more calls: the mean of many varies less.
    private const int Classes = 3;

    // Minutes that may be open at once.
    private const int Slots = 3;

    // Minutes with calls before anything is said.
    private const double LeastMinutes = 30;

    // Degrees of freedom at most: a single minute has the tails of its calls, a mean of twelve is nearer to normal.
    private const double MinuteDegrees = 10;
    private const double SmoothedDegrees = 30;

    private const float Smoothing = 1f / 12;

    // After so many minutes without calls what was smoothed is over.
    private const int SmoothedFor = 240;

    // Differences under a tenth are never odd, however steady an agent was.
    private const double LeastDeviation = 0.1;
    private const double LeastSmoothedDeviation = 0.15;

    // What is within so many deviations is not looked at closer: with all the trials of a day it is nothing.
    private const double OrdinaryDeviations = 2;

    // A wild minute moves what is usual by a bounded step.
    private const double Winsor = 6;
    private const double LargestLog = 50;

    private static readonly HalfLife HalfLife = new(TimeSpan.FromDays(7));

    private SlotRing _slots;
    private ClassMoments _classes;
    private Moments _smoothedMoments;
    private float _smoothed;
    private int _newest;
    private int _learned;

    /// <summary>Counts a call in its minute.</summary>
    /// <param name="minute">The minute.</param>
    /// <param name="log">Logarithm of its quantity.</param>
    /// <param name="usual">Usual logarithm of its tool.</param>
    public void Count(int minute, double log, double usual)
    {
        ref var slot = ref _slots[minute % Slots];
        if (slot.Minute < minute)
        {
            slot = new Slot { Minute = minute };
        }

        if (slot.Minute == minute)
        {
            slot.Calls++;
            slot.Excess += (float)Math.Clamp(log - usual, -LargestLog, LargestLog);
            slot.Logs += (float)Math.Min(log, LargestLog);
        }
    }

    /// <summary>Scores a minute that is over.</summary>
    public readonly Finding Score(int feature, int minute, double trialsPerDay)
    {
        var slot = _slots[minute % Slots];
        if (slot.Minute != minute || slot.Calls == 0)
        {
            return Finding.None;
        }

        var excess = slot.Excess / slot.Calls;
        var usual = _classes[ClassOf(slot.Calls)].Wide;
        if (usual.EffectiveCount < LeastMinutes)
        {
            return Finding.None;
        }

        var smoothed = _smoothedMoments.Wide;
        var alone = Tail(excess - usual.Mean, Deviation(usual, LeastDeviation), usual, MinuteDegrees);
        var longer = Tail(Smoothed(minute, Standardized(excess, usual)) - smoothed.Mean, Deviation(smoothed, LeastSmoothedDeviation), smoothed, SmoothedDegrees);

        if (alone <= 0 && longer <= 0)
        {
            return Finding.None;
        }

        // Of the minute's own calls, whichever of the two is odd: geometric means, as of most of them.
        var log = slot.Logs / slot.Calls;
        var middle = log - excess + usual.Mean;
        var reach = 3 * Deviation(usual, LeastDeviation);
        return Finding.OfTrials(feature, Math.Max(alone, longer), trialsPerDay, Amount(log), Amount(middle - reach), Amount(middle + reach));
    }

    /// <summary>Learns a minute that was scored.</summary>
    public void Learn(int minute, LearningGate gate)
    {
        var slot = _slots[minute % Slots];
        if (slot.Minute != minute || slot.Calls == 0)
        {
            return;
        }

        var excess = slot.Excess / slot.Calls;
        var ofClass = ClassOf(slot.Calls);
        var usual = _classes[ofClass].Wide;
        _smoothed = (float)Smoothed(minute, Standardized(excess, usual));
        _newest = Math.Max(_newest, minute);
        if (gate != LearningGate.Open)
        {
            return;
        }

        var keep = HalfLife.Keep(TimeSpan.FromMinutes(_learned == 0 ? 0 : Math.Max(0, minute - _learned)));
        _learned = Math.Max(_learned, minute);
        for (var i = 0; i < Classes; i++)
        {
            _classes[i] = Moments.Of(_classes[i].Wide.Decay(keep));
        }

        _classes[ofClass] = Moments.Of(_classes[ofClass].Wide.AddWinsorized(excess, Winsor, LeastDeviation));
        _smoothedMoments = Moments.Of(_smoothedMoments.Wide.Decay(keep).AddWinsorized(_smoothed, Winsor, LeastSmoothedDeviation));
    }

    /// <summary>Saves it.</summary>
    public readonly void Save(MemoryWriter writer)
    {
        foreach (var slot in _slots)
        {
            writer.WriteVariable((ulong)slot.Minute);
            writer.WriteVariable((ulong)slot.Calls);
            writer.WriteSingle(slot.Excess);
            writer.WriteSingle(slot.Logs);
        }

        foreach (var moments in _classes)
        {
            moments.Save(writer);
        }

        _smoothedMoments.Save(writer);
        writer.WriteSingle(_smoothed);
        writer.WriteVariable((ulong)_newest);
        writer.WriteVariable((ulong)_learned);
    }

    /// <summary>Loads what <see cref="Save"/> wrote.</summary>
    public void Load(ref MemoryReader reader)
    {
        for (var i = 0; i < Slots; i++)
        {
            _slots[i] = new Slot { Minute = reader.ReadInt32(), Calls = reader.ReadInt32(), Excess = Finite(ref reader), Logs = Finite(ref reader) };
        }

        for (var i = 0; i < Classes; i++)
        {
            _classes[i] = Moments.Load(ref reader);
        }

        _smoothedMoments = Moments.Load(ref reader);
        _smoothed = Finite(ref reader);
        _newest = reader.ReadInt32();
        _learned = reader.ReadInt32();
    }

    private static float Finite(ref MemoryReader reader) => reader.ReadSingle() is var value && float.IsFinite(value) ? value : throw reader.Damaged("a number that is not finite");

    private readonly double Smoothed(int minute, double standardized)
    {
        var before = minute - _newest > SmoothedFor ? 0 : _smoothed;
        return before + ((standardized - before) * Smoothing);
    }

    private static double Standardized(double excess, in DecayedMoments usual) =>
        usual.EffectiveCount < LeastMinutes ? 0 : Math.Clamp((excess - usual.Mean) / Deviation(usual, LeastDeviation), -Winsor, Winsor);

    private static double Deviation(in DecayedMoments moments, double least) => Math.Max(moments.Deviation, least);

    private static double Tail(double difference, double deviation, in DecayedMoments moments, double mostDegrees) =>
        difference > OrdinaryDeviations * deviation && moments.EffectiveCount >= LeastMinutes
            ? -StudentT.LogUpperTail(difference / deviation, Math.Min(moments.EffectiveCount - 1, mostDegrees)) * LogSpace.DecimalPerNatural
            : 0;

    private static double Amount(double log) => Math.Max(0, Math.Exp(Math.Clamp(log, 0, LargestLog)) - 1);

    private static int ClassOf(int calls) => calls == 1 ? 0 : calls < 6 ? 1 : 2;

    private struct Slot
    {
        public int Minute;
        public int Calls;
        public float Excess;
        public float Logs;
    }

    [InlineArray(Slots)]
    private struct SlotRing
    {
        private Slot _first;
    }

    [InlineArray(Classes)]
    private struct ClassMoments
    {
        private Moments _first;
    }

    /// <summary><see cref="DecayedMoments"/> in half the space.</summary>
    private readonly record struct Moments(float Weight, float SquaredWeight, float Mean, float SquaredDeviation)
    {
        public DecayedMoments Wide => new(Weight, SquaredWeight, Mean, SquaredDeviation);

        public static Moments Of(in DecayedMoments wide) => new((float)wide.Weight, (float)wide.SquaredWeight, (float)wide.Mean, (float)wide.SquaredDeviation);

        public static Moments Load(ref MemoryReader reader)
        {
            var moments = new Moments(Finite(ref reader), Finite(ref reader), Finite(ref reader), Finite(ref reader));
            return moments.Weight >= 0 && moments.SquaredWeight >= 0 && moments.SquaredDeviation >= 0 ? moments : throw reader.Damaged("a negative weight or square");
        }

        public void Save(MemoryWriter writer)
        {
            writer.WriteSingle(Weight);
            writer.WriteSingle(SquaredWeight);
            writer.WriteSingle(Mean);
            writer.WriteSingle(SquaredDeviation);
        }
    }
}
