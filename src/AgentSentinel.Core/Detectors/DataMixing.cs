using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="DataMixing"/>.</summary>
public sealed record DataMixingOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether sensitive reads followed by writes or sends to less sensitive places are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.02;
}

/// <summary>
/// A session reads something confidential or restricted and then writes or sends to a less sensitive place: data leaves the circle it is meant for.
/// </summary>
/// <remarks>
/// Labels come from the resource catalogue. What is an agent's job must not be evidence against it: the score is the probability that a session of this
/// agent that reads at such a label also goes down to such a place, by its own sessions and those of the partition's other agents (additive smoothing).
/// Several such sessions within a day count together. A restricted source weighs <see cref="RestrictedDecades"/> more: a policy, not a statistic.
/// </remarks>
internal sealed class DataMixing(DataMixingOptions options, ResourceCatalogue catalogue, FingerprintKey key) : Detector(
    "data-mixing",
    options.BudgetShare,
    new Feature("sensitive_flows_down", "sessions within a day that carried sensitive data to a less sensitive place"))
{
    private const int Labels = 4;
    private const double RestrictedDecades = 1;
    private const double TrialsPerDay = 24;

    // Sessions of the partition that the agent's own are mixed with.
    private const double PeerSessions = 5;
    private const double PriorShare = 0.01;
    private const double PriorSessions = 50;
    private const double MostSessions = 1e9;

    // Of all agents of the partition: sessions that read at a label, and those of them that went down to another.
    private readonly double[] _peerReads = new double[Labels];
    private readonly double[] _peerFlows = new double[Labels * Labels];
    private readonly FingerprintCache _names = new(key);

    public override Baseline CreateBaseline(string agentId) => new Memory(this);

    public override string Explain(in Finding finding) => Sentence.Of(
        $"{finding.Dimension}, after reading what is more sensitive in the same session; sessions of that kind within a day: {finding.Observed:0}, usual is at most {finding.ExpectedHigh:0.##}");

    public override void Save(MemoryWriter writer)
    {
        foreach (var count in (double[])[.. _peerReads, .. _peerFlows])
        {
            writer.WriteDouble(count);
        }
    }

    public override void Load(ref MemoryReader reader)
    {
        foreach (var table in (double[][])[_peerReads, _peerFlows])
        {
            for (var i = 0; i < table.Length; i++)
            {
                table[i] = reader.ReadWithin(0, MostSessions);
            }
        }
    }

    private double PeerShare(int from, int to) =>
        (_peerFlows[(from * Labels) + to] + (PriorShare * PriorSessions)) / (_peerReads[from] + PriorSessions);

    /// <summary>What is known of one agent: about 150 bytes, at most 700.</summary>
    private sealed class Memory(DataMixing detector) : Baseline
    {
        private const int MostOpen = 8;

        private float[] _reads = [];
        private float[] _flows = [];
        private Position[] _open = [];
        private long _day;
        private int _suspiciousToday;

        public override Finding Score(ToolCall call, AgentWindow window)
        {
            if (TargetOf(call) is not { } target || Find(call) is not (>= 0 and var at) || _open[at].Label <= target.Label || _open[at].Label < Sensitivity.Confidential)
            {
                return Finding.None;
            }

            var (from, to) = ((int)_open[at].Label, (int)target.Label);
            var share = ShareOf(from, to);
            var sessions = 1 + (call.Time.UtcTicks / TimeSpan.TicksPerDay == _day ? _suspiciousToday : 0) - (_open[at].IsSuspicious ? 1 : 0);
            var surprisal = (Math.Max(1, sessions) * -Math.Log10(share)) + (_open[at].Label == Sensitivity.Restricted ? RestrictedDecades : 0);
            return Finding.OfTrials(0, surprisal, TrialsPerDay, Math.Max(1, sessions), 0, share * TrialsPerDay, target.Resource);
        }

        public override void Learn(ToolCall call, LearningGate gate)
        {
            if (call.Kind != CallKind.ToolCall || call.SessionId is null)
            {
                return;
            }

            if (call.Action == ToolAction.Read && !call.HasFailed && LabelOf(call) is var (label, resource) && label >= Sensitivity.Confidential)
            {
                ref var position = ref PositionOf(call);
                if (label > position.Label || position.Resource is null)
                {
                    position.Label = label;
                    position.Resource = resource;
                    position.Flows = 0;
                    LearnRead((int)label, gate);
                }
            }
            else if (TargetOf(call) is { } target && Find(call) is >= 0 and var at && _open[at].Label > target.Label)
            {
                LearnFlow(ref _open[at], target.Label, gate, call.Time.UtcTicks / TimeSpan.TicksPerDay);
            }

            if (Find(call) is >= 0 and var open)
            {
                _open[open].LastTicks = Math.Max(_open[open].LastTicks, call.Time.UtcTicks);
            }
        }

        public override EvidenceDetail Detail(in Finding finding)
        {
            var source = Array.Find(_open, p => p.Resource is not null && p.Label >= Sensitivity.Confidential);
            return new EvidenceDetail(
                null,
                null,
                "a place at least as sensitive as what was read, or another session, would not have been noticed",
                source.Resource is null
                    ? null
                    :
                    [
                        new CausalLink(CausalLinkKind.Source, null, null, SourceTrust.Unknown, $"read {source.Resource}, which is {Name(source.Label)}"),
                        new CausalLink(CausalLinkKind.Action, null, null, SourceTrust.Unknown, $"carried on to {finding.Dimension}"),
                    ]);
        }

        public override void Save(MemoryWriter writer)
        {
            writer.WriteBoolean(_reads.Length > 0);
            foreach (var count in (float[])[.. _reads, .. _flows])
            {
                writer.WriteHalf((Half)count);
            }

            writer.WriteVariable((ulong)_day);
            writer.WriteVariable((ulong)_suspiciousToday);
            writer.WriteVariable((ulong)_open.Length);
            foreach (var position in _open)
            {
                position.Save(writer);
            }
        }

        public override void Load(ref MemoryReader reader)
        {
            if (reader.ReadBoolean())
            {
                MakeRoom();
            }

            foreach (var table in (float[][])[_reads, _flows])
            {
                for (var i = 0; i < table.Length; i++)
                {
                    table[i] = (float)reader.ReadHalf() is >= 0 and <= 2048 and var count ? count : throw reader.Damaged("a count that cannot be");
                }
            }

            _day = reader.ReadUnits(TimeSpan.TicksPerDay);
            _suspiciousToday = (int)reader.ReadUpTo(1_000_000);
            _open = new Position[reader.ReadUpTo(MostOpen)];
            for (var i = 0; i < _open.Length; i++)
            {
                _open[i] = Position.Load(ref reader);
            }
        }

        private static string Name(Sensitivity label) => label == Sensitivity.Restricted ? "restricted" : "confidential";

        /// <summary>Most agents never touch anything sensitive.</summary>
        private void MakeRoom()
        {
            if (_reads.Length == 0)
            {
                (_reads, _flows) = (new float[Labels], new float[Labels * Labels]);
            }
        }

        private double ShareOf(int from, int to)
        {
            if (_reads.Length == 0)
            {
                return detector.PeerShare(from, to);
            }

            var (reads, flows) = (_reads[from], Math.Min(_flows[(from * Labels) + to], _reads[from]));
            return Math.Min(1, (flows + (PeerSessions * detector.PeerShare(from, to))) / (reads + PeerSessions));
        }

        private void LearnRead(int label, LearningGate gate)
        {
            if (gate != LearningGate.Open)
            {
                return;
            }

            MakeRoom();
            if (_reads[label] >= 1000)
            {
                for (var to = 0; to < Labels; to++)
                {
                    _flows[(label * Labels) + to] = MathF.Floor(_flows[(label * Labels) + to] / 2);
                }

                _reads[label] = 500;
            }

            _reads[label]++;
            detector._peerReads[label] = Math.Min(detector._peerReads[label] + 1, MostSessions);
        }

        /// <summary>Each flow counts once a session.</summary>
        private void LearnFlow(ref Position position, Sensitivity to, LearningGate gate, long day)
        {
            var flow = ((int)position.Label * Labels) + (int)to;
            if ((position.Flows & (1 << (int)to)) == 0 && gate == LearningGate.Open)
            {
                MakeRoom();
                _flows[flow] = Math.Min(_flows[flow] + 1, 2048);
                detector._peerFlows[flow] = Math.Min(detector._peerFlows[flow] + 1, MostSessions);
            }

            position.Flows |= (byte)(1 << (int)to);
            if (!position.IsSuspicious && ShareOf((int)position.Label, (int)to) < 0.1)
            {
                position.IsSuspicious = true;
                _suspiciousToday = day == _day ? Math.Min(_suspiciousToday + 1, 1000) : 1;
                _day = day;
            }
        }

        /// <summary>The least sensitive place that a call writes or sends to; null when it does neither.</summary>
        private (Sensitivity Label, string Resource)? TargetOf(ToolCall call)
        {
            if (call.Kind != CallKind.ToolCall || call.SessionId is null || call.Action is not (ToolAction.Write or ToolAction.Send) || call.Resources.IsEmpty)
            {
                return null;
            }

            var least = (Label: Sensitivity.Restricted, Resource: call.Resources[0]);
            foreach (var resource in call.Resources)
            {
                if (detector.Label(resource) is var label && label < least.Label)
                {
                    least = (label, resource);
                }
            }

            return least;
        }

        private (Sensitivity Label, string? Resource) LabelOf(ToolCall call)
        {
            var most = (Label: Sensitivity.Public, Resource: (string?)null);
            foreach (var resource in call.Resources)
            {
                if (detector.Label(resource) is var label && label > most.Label)
                {
                    most = (label, resource);
                }
            }

            return most;
        }

        private int Find(ToolCall call)
        {
            if (_open.Length == 0 || call.SessionId is null)
            {
                return -1;
            }

            var id = detector._names.Of(call.SessionId);
            for (var i = 0; i < _open.Length; i++)
            {
                if (_open[i].Id == id && !_open[i].IsOver(call.Time.UtcTicks))
                {
                    return i;
                }
            }

            return -1;
        }

        private ref Position PositionOf(ToolCall call)
        {
            var at = Find(call);
            if (at < 0)
            {
                at = 0;
                for (var i = 1; i < _open.Length; i++)
                {
                    at = _open[i].LastTicks < _open[at].LastTicks ? i : at;
                }

                if (_open.Length == 0 || (!_open[at].IsOver(call.Time.UtcTicks) && _open.Length < MostOpen))
                {
                    Array.Resize(ref _open, _open.Length + 1);
                    at = _open.Length - 1;
                }

                _open[at] = new Position { Id = detector._names.Of(call.SessionId!), LastTicks = call.Time.UtcTicks };
            }

            return ref _open[at];
        }
    }

    private Sensitivity Label(string resource) => catalogue.Of(resource);

    /// <summary>A session that has read something sensitive.</summary>
    private struct Position
    {
        private const long LongestSilence = TimeSpan.TicksPerHour;

        public ulong Id;
        public long LastTicks;
        public Sensitivity Label;
        public string? Resource;

        /// <summary>Labels that it has gone down to, a bit each.</summary>
        public byte Flows;

        public bool IsSuspicious;

        public readonly bool IsOver(long now) => now - LastTicks > LongestSilence;

        public readonly void Save(MemoryWriter writer)
        {
            writer.WriteUInt64(Id);
            writer.WriteVariable((ulong)LastTicks);
            writer.WriteByte((byte)Label);
            writer.WriteString(Resource ?? "");
            writer.WriteByte(Flows);
            writer.WriteBoolean(IsSuspicious);
        }

        public static Position Load(ref MemoryReader reader) => new()
        {
            Id = reader.ReadUInt64(),
            LastTicks = reader.ReadUpTo(DateTimeOffset.MaxValue.UtcTicks),
            Label = (Sensitivity)reader.ReadByte() is >= Sensitivity.Public and <= Sensitivity.Restricted and var label ? label : throw reader.Damaged("a label that is none"),
            Resource = reader.ReadString() is { Length: > 0 } resource ? resource : null,
            Flows = reader.ReadByte(),
            IsSuspicious = reader.ReadBoolean(),
        };
    }
}
