using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// Whether what is over the threshold goes on from before or is news. 20 bytes.
/// </summary>
/// <remarks>
/// An episode lasts until six hours passed without anything over the threshold. It is told once, and again when the logarithm of its return period is four
/// times that of the last telling, within minutes: a new deployment seldom comes to that, an attack within it does.
/// When the counts of three different hours were over it, or the level has drifted over it, it is lasting: a new deployment, say. Then what is seen is learned
/// again, bounded as ever, and the episode stays open over nights and weekends, for five days, until the baselines have followed; or until some hours show that
/// it was no new normal.
/// </remarks>
internal struct Episode
{
    private const int QuietMinutes = 360;
    private const int LastingQuietMinutes = 5 * 1440;
    private const int LastingHours = 3;

    // By which factor the logarithm of the return period must have grown to be news.
    private const double Worse = 4;

    // Nothing is learned for so long after something over the threshold: what comes next most likely belongs to it.
    private const int SuspiciousMinutes = 60;

    // A new normal that is over: nothing was over the threshold for half a day, and of so many calls expected not a tenth more came, the last hours counting most.
    private const double LeastExpected = 8;
    private const double LeastExcess = 1.1;
    private const int LeastQuietMinutes = 720;
    private const double KeepPerHour = 0.9;

    private uint _last;
    private float _level;
    private float _counted;
    private float _expected;

    // The hour that was counted last, without its upper bits.
    private ushort _lastHour;
    private byte _hours;

    /// <summary>True when the episode is taken for a new normal.</summary>
    public readonly bool IsLasting => _hours >= LastingHours;

    public readonly bool IsOpen(long minute) => _last > 0 && minute - _last <= (IsLasting ? LastingQuietMinutes : QuietMinutes);

    /// <summary>True when this goes on from before and is hardly worse than what was told. That a sum over more than some minutes fills up is never news.</summary>
    public readonly bool Holds(long minute, double logReturnPeriod, bool isSudden = true) =>
        IsOpen(minute) && (!isSudden || logReturnPeriod < Worse * Math.Max(1, _level));

    /// <summary>True when what is seen is not to be learned.</summary>
    public readonly bool IsSuspicious(long minute) => !IsLasting && _last > 0 && minute - _last <= SuspiciousMinutes;

    /// <summary>Takes note of an hour: closes a lasting episode that is no new normal.</summary>
    public void EndHour(long minute, double counted, double expected)
    {
        if (!IsLasting)
        {
            return;
        }

        _counted = (float)((_counted * KeepPerHour) + counted);
        _expected = (float)((_expected * KeepPerHour) + expected);
        if (minute - _last >= LeastQuietMinutes && _expected >= LeastExpected && _counted < LeastExcess * _expected)
        {
            this = default;
        }
    }

    /// <summary>Takes note of something over the threshold.</summary>
    /// <param name="minute">When.</param>
    /// <param name="logReturnPeriod">How rare.</param>
    /// <param name="isPresent">It is so now, and not the sum of some hours.</param>
    /// <param name="isDrift">The level has been so for hours.</param>
    /// <param name="isSudden">It is so within minutes.</param>
    public void Note(long minute, double logReturnPeriod, bool isPresent, bool isDrift = false, bool isSudden = true)
    {
        if (!IsOpen(minute))
        {
            this = default;
        }

        if (!Holds(minute, logReturnPeriod, isSudden && isPresent))
        {
            // Only what was told raises the bar: else it would creep up unseen.
            _level = (float)logReturnPeriod;
        }

        _last = (uint)Math.Max(_last, minute);
        if (isPresent && (ushort)(minute / 60) != _lastHour)
        {
            _lastHour = (ushort)(minute / 60);
            _hours = (byte)Math.Min(_hours + 1, LastingHours);
        }

        _hours = isDrift ? (byte)LastingHours : _hours;
    }

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_last);
        writer.WriteVariable(_lastHour);
        writer.WriteSingle(_level);
        writer.WriteByte(_hours);
        writer.WriteSingle(_counted);
        writer.WriteSingle(_expected);
    }

    public void Load(ref MemoryReader reader)
    {
        _last = (uint)reader.ReadUpTo(uint.MaxValue);
        _lastHour = (ushort)reader.ReadUpTo(ushort.MaxValue);
        _level = SavedFloat.Read(ref reader, 0, 1e9);
        _hours = Math.Min(reader.ReadByte(), (byte)LastingHours);
        _counted = SavedFloat.Read(ref reader, 0, 1e13);
        _expected = SavedFloat.Read(ref reader, 0, 1e13);
    }
}
