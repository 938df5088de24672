namespace AgentSentinel.Simulator;

/// <summary>A span of simulated time, both ends included, in milliseconds since the simulation's start.</summary>
internal readonly record struct Period(long StartMs, long EndMs)
{
    public long LengthMs => EndMs - StartMs;

    public bool Contains(long ms) => ms >= StartMs && ms <= EndMs;

    public bool Overlaps(Period other) => StartMs <= other.EndMs && other.StartMs <= EndMs;
}
