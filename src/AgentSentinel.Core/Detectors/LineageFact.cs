using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>Where one argument value came from: what is learned of it when its session has ended without an alarm.</summary>
/// <param name="Argument">Fingerprint of tool and argument.</param>
/// <param name="Source">Where it came from: <see cref="LineageSource.FlowOf"/>; 0 for what the request had.</param>
/// <param name="Value">Fingerprint of the value and its use: <see cref="TracedValue.UseOf"/>; of the value alone where the request had it.</param>
/// <param name="IsRequested">The request had it.</param>
/// <param name="Place">As the value, for the host of an address with a path: <see cref="TracedValue.PlaceOf"/>; 0 for none.</param>
internal readonly record struct LineageFact(ulong Argument, ulong Source, ulong Value, bool IsRequested, ulong Place)
{
    public void Save(MemoryWriter writer)
    {
        writer.WriteUInt64(Argument);
        writer.WriteUInt64(Source);
        writer.WriteUInt64(Value);
        writer.WriteBoolean(IsRequested);
        writer.WriteUInt64(Place);
    }

    public static LineageFact Load(ref MemoryReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadBoolean(), reader.ReadUInt64());
}
