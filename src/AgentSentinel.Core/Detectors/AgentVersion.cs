using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>Which version an agent is of, and how much was seen of it: what was learned of the one before counts half. 12 bytes. Owned by one detector's memory.</summary>
internal struct AgentVersion
{
    /// <summary>What is left of the weight of what was learned before.</summary>
    public const float Kept = 0.5f;

    private const int WarmUpCalls = 200;

    private uint _version;
    private uint _former;
    private byte _calls;
    private bool _isOther;

    /// <summary>Notes a call that is learned from.</summary>
    /// <returns>True when the agent has become another: what is known of it loses weight.</returns>
    public bool Note(ToolCall call, FingerprintCache names)
    {
        _calls = (byte)Math.Min(_calls + 1, WarmUpCalls);
        if (call.AgentVersion is null || (uint)names.VersionOf(call) is var version && version == _version)
        {
            return false;
        }

        // While a version is rolled out, or taken back, there are two at a time: that is one change.
        var isNew = _version != 0 && version != _former;
        (_version, _former) = (version, _version);
        if (isNew)
        {
            (_calls, _isOther) = (1, true);
        }

        return isNew;
    }

    /// <summary>What people have to know of evidence while the version is warming up; null afterwards.</summary>
    /// <param name="standIn">What stands in for an agent that is new.</param>
    public readonly string? Caveat(string standIn) => _calls >= WarmUpCalls ? null : Sentence.Of(
        $"provisional: {_calls} calls learned{(_isOther ? " since the agent's version changed; what was learned before counts half" : "; " + standIn)}");

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteUInt32(_version);
        writer.WriteUInt32(_former);
        writer.WriteVariable(_calls);
        writer.WriteBoolean(_isOther);
    }

    public static AgentVersion Load(ref MemoryReader reader) => new()
    {
        _version = reader.ReadUInt32(),
        _former = reader.ReadUInt32(),
        _calls = (byte)reader.ReadUpTo(WarmUpCalls),
        _isOther = reader.ReadBoolean(),
    };
}
