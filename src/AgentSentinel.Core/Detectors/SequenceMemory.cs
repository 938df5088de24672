using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>What <see cref="Sequence"/> knows of one agent: about 500 bytes, at most 1.4 KB.</summary>
internal sealed class SequenceMemory(Sequence detector, string agentId) : Baseline
{
    // Counted twice a call: a memory of about a thousand calls.
    private const double Keep = 0.999;
    private const double MostCalls = 1 / (1 - Keep);

    // What comes before anybody outside could have had a say is so much less of a surprise.
    private const double BeforeForeignResults = 0.4;

    private readonly BoundedCounts _transitions = new(64);
    private readonly BoundedCounts _tools = new(32);
    private OpenSessions<SequencePosition> _open = new();
    private double _calls;
    private AgentVersion _version;
    private PeerGroup _peers;

    public override Finding Score(ToolCall call, AgentWindow window)
    {
        detector.Scored = null;
        if (call.Kind != CallKind.ToolCall || _calls < 1)
        {
            return Finding.None;
        }

        var position = Find(call) is >= 0 and var at ? _open[at] : default;
        var now = Surprise(call, position);
        detector.Scored = (this, now);
        if (now <= 0)
        {
            return Finding.None;
        }

        var sum = now + position.First + position.Second + position.Third;
        var isBefore = call.ResultSource != SourceTrust.Unknown && !position.HasReadForeign;
        return Sequence.Rate(sum, sum * (isBefore ? BeforeForeignResults : 1), Lineage.IsConsequential(call.Action), call.Tool);
    }

    public override void Learn(ToolCall call, LearningGate gate)
    {
        if (call.Kind != CallKind.ToolCall)
        {
            return;
        }

        var tool = detector.Names.ToolOf(call);
        ref var position = ref PositionOf(call);
        position.Add(Math.Max(0, detector.Scored is var (scored, surprise) && ReferenceEquals(scored, this) ? surprise : Surprise(call, position)));
        detector.Scored = null;
        if (gate == LearningGate.Open)
        {
            if (detector.Notes(ref _version, call))
            {
                _transitions.Scale(AgentVersion.Kept);
                _tools.Scale(AgentVersion.Kept);
                _calls *= AgentVersion.Kept;
            }

            if (call.SessionId is not null)
            {
                Sequence.Count(_transitions, position.Before, tool);
                detector.TellPeers(Group, position.Before, tool);
            }

            _tools.Add(tool, 1, Keep);
            _calls = (_calls * Keep) + 1;
        }

        position.Before = call.HasFailed ? ~tool : tool;
        position.HasReadForeign |= NoveltyEpisode.IsForeign(call);
    }

    public override EvidenceDetail Detail(in Finding finding) => new(
        _version.Caveat("other agents' orders of the same tools stand in"),
        null,
        "an order that this agent or its peers have used would not have been noticed");

    public override void Save(MemoryWriter writer)
    {
        writer.WriteDouble(_calls);
        _version.Save(writer);
        _transitions.Save(writer);
        _tools.Save(writer);
        _open.Save(writer);
    }

    public override void Load(ref MemoryReader reader)
    {
        _calls = reader.ReadWithin(0, MostCalls + 1);
        _version = AgentVersion.Load(ref reader);
        _transitions.Load(ref reader);
        _tools.Load(ref reader);
        _open = OpenSessions<SequencePosition>.Load(ref reader);
    }

    private ulong Group => detector.GroupOf(ref _peers, agentId);

    /// <summary>Decades of surprise beyond the usual; 0 or less where there is no order to speak of.</summary>
    private double Surprise(ToolCall call, in SequencePosition position)
    {
        var tool = detector.Names.ToolOf(call);
        return call.SessionId is null || Sequence.IsOrdinary(_transitions, position.Before, tool) || _tools[tool] is not (> 0 and var used)
            ? 0
            : detector.Surprisal(_transitions, Group, position.Before, tool, Math.Min(1, (used + 0.3) / (_calls + 1))) - Sequence.Usual;
    }

    private ulong IdOf(ToolCall call) => call.SessionId is null ? 0 : detector.Names.SessionOf(call);

    private int Find(ToolCall call) => _open.Find(IdOf(call), call.Time.UtcTicks);

    private ref SequencePosition PositionOf(ToolCall call)
    {
        var at = Find(call);
        if (at < 0)
        {
            at = _open.Claim(call.Time.UtcTicks);
            _open[at] = new SequencePosition { Id = IdOf(call) };
        }

        ref var position = ref _open[at];
        position.LastTicks = Math.Max(position.LastTicks, call.Time.UtcTicks);
        return ref position;
    }
}
