using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// Whether what is over the threshold goes on from before or is news. 24 bytes.
/// </summary>
/// <remarks>
/// An episode lasts until six hours passed without anything over the threshold, and is told once, and again when it becomes worse by two decades. When the counts
/// of three different hours were over it, it is lasting: a new deployment, say. Then what is seen is learned again, bounded as ever, and the episode
/// stays open over nights and weekends, for three days, until the baselines have followed.
/// </remarks>
internal struct Episode
{
    private const int QuietMinutes = 360;
    private const int LastingQuietMinutes = 3 * 1440;
    private const int LastingHours = 3;
    private const double WorseDecades = 2;

    private long _last;
    private long _lastHour;
    private float _level;
    private byte _hours;

    /// <summary>True when the episode is taken for a new normal.</summary>
    public readonly bool IsLasting => _hours >= LastingHours;

    public readonly bool IsOpen(long minute) => _last > 0 && minute - _last <= (IsLasting ? LastingQuietMinutes : QuietMinutes);

    /// <summary>True when this goes on from before and is hardly worse than what was told.</summary>
    public readonly bool Holds(long minute, double logReturnPeriod) => IsOpen(minute) && logReturnPeriod < _level + WorseDecades;

    /// <summary>Takes note of something over the threshold.</summary>
    /// <param name="minute">When.</param>
    /// <param name="logReturnPeriod">How rare.</param>
    /// <param name="isPresent">It is so now, and not the sum of some hours.</param>
    public void Note(long minute, double logReturnPeriod, bool isPresent)
    {
        if (!IsOpen(minute))
        {
            this = default;
        }

        _last = Math.Max(_last, minute);
        _level = (float)Math.Max(_level, logReturnPeriod);
        if (isPresent && minute / 60 > _lastHour)
        {
            _lastHour = minute / 60;
            _hours = (byte)Math.Min(_hours + 1, LastingHours);
        }
    }

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_last);
        writer.WriteVariable((ulong)_lastHour);
        writer.WriteSingle(_level);
        writer.WriteByte(_hours);
    }

    public void Load(ref MemoryReader reader)
    {
        _last = reader.ReadUnits(TimeSpan.TicksPerMinute);
        _lastHour = reader.ReadUnits(TimeSpan.TicksPerHour);
        _level = SavedFloat.Read(ref reader, 0, 1e9);
        _hours = Math.Min(reader.ReadByte(), (byte)LastingHours);
    }
}
