using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>What <see cref="Sequence"/> knows of one agent: about 500 bytes, at most 1.4 KB.</summary>
internal sealed class SequenceMemory(Sequence detector) : Baseline
{
    private const int MostOpen = 8;

    // Counted twice a call: a memory of about a thousand calls.
    private const double Keep = 0.999;
    private const double MostCalls = 1 / (1 - Keep);
    private const double KeptAcrossVersions = 0.5;

    // Calls of peers with the tool that an agent's own are mixed with; and never is one less given to repeating itself, or to spreading out, than this.
    private const double PeerCalls = 25;
    private const double LeastRepeatRate = 1.0 / 300;
    private const double LeastSpreadRate = 1.0 / 3000;

    // What follows so soon no model has thought about, and nobody has read.
    private static readonly long MachineSpeed = TimeSpan.FromMilliseconds(150).Ticks;

    // A decade is what any order costs.
    private const double Usual = 1;

    // What comes before anybody outside could have had a say is so much less of a surprise.
    private const double BeforeForeignResults = 0.4;

    private readonly BoundedCounts _transitions = new(64);
    private readonly BoundedCounts _tools = new(32);
    private SequencePosition[] _open = [];
    private double _calls;
    private double _repeats;
    private double _actions;
    private double _spreads;
    private ulong _version;

    public override Finding Score(ToolCall call, AgentWindow window)
    {
        if (call.Kind != CallKind.ToolCall || _calls < 1)
        {
            return Finding.None;
        }

        var position = Find(call) is >= 0 and var at ? _open[at] : default;
        var input = InputOf(call);
        var repeats = input != 0 && position.Call == input ? position.Repeats + 1 : 0;
        if (IsSpread(call, position, input))
        {
            return Sequence.SpreadFinding(position.Spread + 1, SpreadRate(detector.NameOf(call.Tool)), call.Tool);
        }

        var again = repeats == 0 ? Finding.None : Sequence.RepeatFinding(repeats, RepeatRate(detector.NameOf(call.Tool)), Lineage.IsConsequential(call.Action), call.Tool);
        var now = Surprise(call, position);
        if (now <= 0)
        {
            return again;
        }

        var sum = now + position.First + position.Second + position.Third;
        var isBefore = call.ResultSource != SourceTrust.Unknown && !position.HasReadForeign;
        return Finding.Max(again, Sequence.OrderFinding(sum, sum * (isBefore ? BeforeForeignResults : 1), Lineage.IsConsequential(call.Action), call.Tool));
    }

    public override void Learn(ToolCall call, LearningGate gate)
    {
        if (call.Kind != CallKind.ToolCall)
        {
            return;
        }

        var (tool, input) = (detector.NameOf(call.Tool), InputOf(call));
        var isSpread = Find(call) is >= 0 and var at && IsSpread(call, _open[at], input);
        ref var position = ref PositionOf(call);
        var isRepeat = input != 0 && position.Call == input;
        position.Add(call.SessionId is null ? 0 : Math.Max(0, Surprise(call, position)));
        if (gate == LearningGate.Open)
        {
            NoteVersion(call);
            if (call.SessionId is not null)
            {
                Sequence.Count(_transitions, position.Before, tool);
                detector.TellPeers(position.Before, tool);
            }

            _tools.Add(tool, 1, Keep);
            _calls = (_calls * Keep) + 1;
            _repeats = (_repeats * Keep) + (isRepeat ? 1 : 0);
            if (Lineage.IsConsequential(call.Action))
            {
                _actions = (_actions * Keep) + 1;
                _spreads = (_spreads * Keep) + (isSpread ? 1 : 0);
            }

            detector.TellPeersOfRuns(tool, isRepeat, isSpread);
        }

        position.Repeats = isRepeat ? Math.Min(position.Repeats + 1, SequencePosition.MostRepeats) : 0;
        position.Spread = isSpread ? Math.Min(position.Spread + 1, SequencePosition.MostRepeats) : 0;
        position.Call = input;
        position.Before = call.HasFailed ? ~tool : tool;
        position.HasReadForeign |= NoveltyEpisode.IsForeign(call);
    }

    public override EvidenceDetail Detail(in Finding finding) => new(
        _calls < 100 ? Sentence.Of($"provisional: {_calls:0} calls learned; other agents' orders of the same tools stand in") : null,
        null,
        finding.Feature == Sequence.Spread
            ? "fewer of these calls in a row, or the same at a pace at which somebody could have read them, would have been scored lower"
            : finding.Feature == Sequence.Repeats
            ? Sentence.Of($"{Math.Max(1, finding.Observed - 1):0} repeats would have been {-Math.Log10(RepeatRate(detector.NameOf(finding.Dimension ?? ""))):0.0} decades less of a surprise")
            : "an order that this agent or its peers have used would not have been noticed");

    public override void Save(MemoryWriter writer)
    {
        writer.WriteDouble(_calls);
        writer.WriteDouble(_repeats);
        writer.WriteDouble(_actions);
        writer.WriteDouble(_spreads);
        writer.WriteUInt64(_version);
        _transitions.Save(writer);
        _tools.Save(writer);
        writer.WriteVariable((ulong)_open.Length);
        foreach (var position in _open)
        {
            position.Save(writer);
        }
    }

    public override void Load(ref MemoryReader reader)
    {
        _calls = reader.ReadWithin(0, MostCalls + 1);
        _repeats = reader.ReadWithin(0, _calls);
        _actions = reader.ReadWithin(0, MostCalls + 1);
        _spreads = reader.ReadWithin(0, _actions);
        _version = reader.ReadUInt64();
        _transitions.Load(ref reader);
        _tools.Load(ref reader);
        _open = new SequencePosition[reader.ReadUpTo(MostOpen)];
        for (var i = 0; i < _open.Length; i++)
        {
            _open[i] = SequencePosition.Load(ref reader);
        }
    }

    /// <summary>Decades of surprise beyond the usual; 0 or less where there is no order to speak of.</summary>
    private double Surprise(ToolCall call, in SequencePosition position)
    {
        var tool = detector.NameOf(call.Tool);
        var used = _tools[tool];
        return call.SessionId is null || used <= 0
            ? 0
            : detector.Surprisal(_transitions, position.Before, tool, Math.Min(1, (used + 0.3) / (_calls + 1))) - Usual;
    }

    private double RepeatRate(ulong tool) => Math.Max(LeastRepeatRate, (_repeats + (PeerCalls * detector.PeerRepeatRate(tool))) / (_calls + PeerCalls));

    private double SpreadRate(ulong tool) => Math.Max(LeastSpreadRate, (_spreads + (PeerCalls * detector.PeerSpreadRate(tool))) / (_actions + PeerCalls));

    /// <summary>Whether a call does to other resources what the call right before it did.</summary>
    private bool IsSpread(ToolCall call, in SequencePosition position, ulong input) =>
        Lineage.IsConsequential(call.Action) && !call.Resources.IsEmpty && position.Call != input && position.Before == detector.NameOf(call.Tool)
        && call.Time.UtcTicks - position.LastTicks >= 0 && call.Time.UtcTicks - position.LastTicks <= MachineSpeed;

    /// <summary>Tool and input as far as told; 0, which equals no call, when nothing is told of the input.</summary>
    private ulong InputOf(ToolCall call)
    {
        if (call.Arguments.IsEmpty && call.Resources.IsEmpty && call.RequestBytes is null)
        {
            return 0;
        }

        var input = detector.NameOf(call.Tool);
        foreach (var resource in call.Resources)
        {
            input = TextTokens.Pair(input, detector.NameOf(resource));
        }

        return call.Arguments.IsEmpty
            ? TextTokens.Pair(input, BitConverter.DoubleToUInt64Bits(call.RequestBytes ?? -1))
            : TextTokens.Pair(input, Fingerprint.Of(detector.Key, call.Arguments.Span));
    }

    private ulong IdOf(ToolCall call) => call.SessionId is null ? 0 : detector.NameOf(call.SessionId);

    private int Find(ToolCall call)
    {
        var (id, now) = (IdOf(call), call.Time.UtcTicks);
        for (var i = 0; i < _open.Length; i++)
        {
            if (_open[i].Id == id && !_open[i].IsOver(now))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The call's session: an open one, the place of one that is over, a further one, or that of the one unheard of for longest.</summary>
    private ref SequencePosition PositionOf(ToolCall call)
    {
        var now = call.Time.UtcTicks;
        var at = Find(call);
        if (at < 0)
        {
            at = 0;
            for (var i = 1; i < _open.Length; i++)
            {
                at = _open[i].LastTicks < _open[at].LastTicks ? i : at;
            }

            if (_open.Length == 0 || (!_open[at].IsIdle(now) && _open.Length < MostOpen))
            {
                Array.Resize(ref _open, _open.Length + 1);
                at = _open.Length - 1;
            }

            _open[at] = new SequencePosition { Id = IdOf(call) };
        }

        _open[at].LastTicks = Math.Max(_open[at].LastTicks, now);
        return ref _open[at];
    }

    private void NoteVersion(ToolCall call)
    {
        if (call.AgentVersion is null || detector.NameOf(call.AgentVersion) is var version && version == _version)
        {
            return;
        }

        if (_version != 0)
        {
            _transitions.Scale(KeptAcrossVersions);
            _tools.Scale(KeptAcrossVersions);
            _calls *= KeptAcrossVersions;
            _repeats *= KeptAcrossVersions;
            _actions *= KeptAcrossVersions;
            _spreads *= KeptAcrossVersions;
        }

        _version = detector.NameOf(call.AgentVersion);
    }
}
