using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detection;

/// <summary>
/// Lets a partition tell of so many unregistered agents an hour of event time and no more: a flood of made-up ids must not become
/// a flood of the journal. Who was not told of is told of on another day. Owned by the <c>DetectionEngine</c>.
/// </summary>
internal sealed class SightingLimit
{
    private const int MostPerHour = 200;

    private long _hour;
    private int _told;

    public bool Allows(DateTimeOffset watermark)
    {
        var hour = watermark.UtcTicks / TimeSpan.TicksPerHour;
        if (hour > _hour)
        {
            (_hour, _told) = (hour, 0);
        }

        return _told++ < MostPerHour;
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_hour);
        writer.WriteVariable((ulong)_told);
    }

    public void Load(ref MemoryReader reader)
    {
        _hour = reader.ReadUnits(TimeSpan.TicksPerHour);
        _told = reader.ReadInt32();
    }
}
