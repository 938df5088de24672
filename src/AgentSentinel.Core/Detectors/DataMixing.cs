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
/// Labels come from the resource catalogue. What is an agent's job must not be evidence against it: with λ the sessions a day that go down between two labels,
/// as the agent did on the days before this one (a Gamma prior, whose shape is the share of the partition's agents that do so at all: who does, does it often), as
/// many as today are negative binomial with mean λ (such sessions come in clusters, hence the dispersion). A day is one trial. A restricted source weighs
/// <see cref="RestrictedDecades"/> more, and <see cref="FirstDecades"/> more again when the agent never did so: a policy, not a statistic. Of an agent of which little
/// is known nobody can tell whether it is its job, and somebody should be asked once; but not about each agent of a partition of which little is known.
/// </remarks>
internal sealed class DataMixing(DataMixingOptions options, ResourceCatalogue catalogue, FingerprintCache names) : Detector(
    "data-mixing",
    options.BudgetShare,
    new Feature("sensitive_flows_down", "sessions within a day that carried sensitive data to a less sensitive place"))
{
    private const int Labels = 4;
    private const double RestrictedDecades = 1;
    private const double FirstDecades = 1;
    private const double Clustering = 0.5;

    // What is suspicious is learned at a fifth, so that a lasting new regime is accepted in time.
    private const float SuspiciousWeight = 0.2f;

    // Days that an agent is taken to have been known for before it shows anything.
    private const double PriorDays = 5;

    // In its first days what an agent does today already counts as usual.
    private const double FirstDays = 3;

    // How many agents it is part of the job of, before any are known: the weight of that, in agents.
    private const double PriorShare = 0.05;
    private const double PriorAgents = 100;
    private const double Most = 1e12;

    // Of the partition: agents that acted, the days on which they did, and those of them that go down from a label to another.
    private double _agents;
    private double _agentDays;
    private readonly double[] _agentsWith = new double[Labels * Labels];
    private readonly FingerprintCache _names = names;

    // What the session of the call scored last had read.
    private (Sensitivity Label, string? Resource) _scored;

    public override Baseline CreateBaseline(string agentId) => new Memory(this);

    public override string Explain(in Finding finding) => Sentence.Of(
        $"{finding.Dimension}, after reading what is more sensitive in the same session; sessions of that kind within a day: {finding.Observed:0}, usual is at most {finding.ExpectedHigh:0.##}");

    public override void Save(MemoryWriter writer)
    {
        foreach (var count in (double[])[_agents, _agentDays, .. _agentsWith])
        {
            writer.WriteDouble(count);
        }
    }

    public override void Load(ref MemoryReader reader)
    {
        _agents = reader.ReadWithin(0, Most);
        _agentDays = reader.ReadWithin(0, Most);
        for (var i = 0; i < _agentsWith.Length; i++)
        {
            _agentsWith[i] = reader.ReadWithin(0, Most);
        }
    }

    private bool AreAgentsKnown => _agentDays >= PriorDays * _agents;

    /// <summary>Of agents that go down so. One that is new has not shown yet what it does: it counts for as much of an agent as of its first days is over.</summary>
    private double ShareOfAgents(int flow) => Math.Min(1, (_agentsWith[flow] + (PriorShare * PriorAgents)) / (Math.Min(_agents, _agentDays / PriorDays) + PriorAgents));

    /// <summary>What is known of one agent: about 100 bytes, at most 700.</summary>
    private sealed class Memory(DataMixing detector) : Baseline
    {
        private const int MostDaysKnown = 128;
        private const float MostFlows = 32768;

        // Sessions that went down, by source and target: before today, what the gate let pass of today's, and all of today's.
        private float[] _flows = [];
        private float[] _learnedToday = [];
        private byte[] _flowsToday = [];
        private OpenSessions<Position> _open = new();
        private long _day;
        private long _days;

        public override Finding Score(ToolCall call, AgentWindow window)
        {
            if (!CarriesOn(call) || Find(call) is not (>= 0 and var at) || _open[at].Label < Sensitivity.Confidential
                || (TargetOf(call) is var target && _open[at].Label <= target.Label))
            {
                return Finding.None;
            }

            detector._scored = (_open[at].Label, _open[at].Resource);
            var flow = FlowOf(_open[at].Label, target.Label);
            var isToday = DayOf(call) == _day;
            var before = isToday && _flowsToday.Length > 0 ? _flowsToday[flow] : 0;
            var sessions = before + (_open[at].HasGoneTo(target.Label) ? 0 : 1);
            var rate = RateOf(flow, isToday);
            var isFirst = before == 0 && (_flows.Length == 0 || _flows[flow] == 0) && detector.AreAgentsKnown;
            var policy = _open[at].Label == Sensitivity.Restricted ? RestrictedDecades + (isFirst ? FirstDecades : 0) : 0;
            return Finding.OfTrials(0, NegativeBinomial.Surprisal(sessions, rate, Clustering) + policy, 1, sessions, 0, rate, target.Resource);
        }

        public override void Learn(ToolCall call, LearningGate gate)
        {
            if (call.Kind != CallKind.ToolCall)
            {
                return;
            }

            if (gate != LearningGate.Frozen && DayOf(call) > _day)
            {
                BeginDay(DayOf(call));
            }

            if (call.SessionId is null)
            {
                return;
            }

            if (call.Action == ToolAction.Read && !call.HasFailed && LabelOf(call) is var (label, resource) && label >= Sensitivity.Confidential)
            {
                ref var position = ref PositionOf(call);
                if (label > position.Label || position.Resource is null)
                {
                    (position.Label, position.Resource, position.Flows) = (label, resource, 0);
                }
            }
            else if (CarriesOn(call) && Find(call) is >= 0 and var at && TargetOf(call) is var target && _open[at].Label > target.Label)
            {
                LearnFlow(ref _open[at], target.Label, gate);
            }

            if (Find(call) is >= 0 and var open)
            {
                _open[open].LastTicks = Math.Max(_open[open].LastTicks, call.Time.UtcTicks);
            }
        }

        public override EvidenceDetail Detail(in Finding finding)
        {
            var source = detector._scored;
            return new EvidenceDetail(
                _days < PriorDays ? Sentence.Of($"provisional: the agent has been known for {_days} active days; other agents stand in") : null,
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
            writer.WriteVariable((ulong)_day);
            writer.WriteVariable((ulong)_days);
            writer.WriteBoolean(_flows.Length > 0);
            for (var i = 0; i < _flows.Length; i++)
            {
                writer.WriteHalf((Half)_flows[i]);
                writer.WriteHalf((Half)_learnedToday[i]);
                writer.WriteByte(_flowsToday[i]);
            }

            _open.Save(writer);
        }

        public override void Load(ref MemoryReader reader)
        {
            _day = reader.ReadUnits(TimeSpan.TicksPerDay);
            _days = reader.ReadUpTo(MostDaysKnown);
            (_flows, _learnedToday, _flowsToday) = ([], [], []);
            if (reader.ReadBoolean())
            {
                MakeRoom();
            }

            for (var i = 0; i < _flows.Length; i++)
            {
                (_flows[i], _learnedToday[i], _flowsToday[i]) = (ReadCount(ref reader), ReadCount(ref reader), reader.ReadByte());
            }

            _open = OpenSessions<Position>.Load(ref reader);
        }

        private static float ReadCount(ref MemoryReader reader) =>
            (float)reader.ReadHalf() is >= 0 and <= MostFlows and var count ? count : throw reader.Damaged("a count that cannot be");

        private static string Name(Sensitivity label) => label == Sensitivity.Restricted ? "restricted" : "confidential";

        private static int FlowOf(Sensitivity from, Sensitivity to) => ((int)from * Labels) + (int)to;

        private static long DayOf(ToolCall call) => call.Time.UtcTicks / TimeSpan.TicksPerDay;

        /// <summary>Most agents never touch anything sensitive.</summary>
        private void MakeRoom()
        {
            if (_flows.Length == 0)
            {
                (_flows, _learnedToday, _flowsToday) = (new float[Labels * Labels], new float[Labels * Labels], new byte[Labels * Labels]);
            }
        }

        /// <summary>Sessions a day that go down so.</summary>
        private double RateOf(int flow, bool isToday)
        {
            var own = _flows.Length == 0 ? 0 : _flows[flow] + (isToday && _days <= FirstDays ? _learnedToday[flow] : 0);
            var days = Math.Max(0, _days - 1);

            // The prior is for those who never did it; of those whose job it is it knows less than their own days.
            return Math.Max((own + detector.ShareOfAgents(flow)) / (days + PriorDays), own / Math.Max(1, days));
        }

        private void BeginDay(long day)
        {
            detector._agents = Math.Min(detector._agents + (_days == 0 ? 1 : 0), Most);
            detector._agentDays = Math.Min(detector._agentDays + 1, Most);
            (_day, _days) = (day, Math.Min(_days + 1, MostDaysKnown));
            for (var i = 0; i < _flows.Length; i++)
            {
                _flows[i] = Math.Min(_flows[i] + _learnedToday[i], MostFlows);
            }

            if (_days == MostDaysKnown)
            {
                // Half of the past is forgotten.
                _days /= 2;
                for (var i = 0; i < _flows.Length; i++)
                {
                    _flows[i] /= 2;
                }
            }

            _learnedToday.AsSpan().Clear();
            _flowsToday.AsSpan().Clear();
        }

        /// <summary>Each flow counts once a session.</summary>
        private void LearnFlow(ref Position position, Sensitivity to, LearningGate gate)
        {
            if (position.HasGoneTo(to))
            {
                return;
            }

            position.Flows |= (byte)(1 << (int)to);
            MakeRoom();
            var flow = FlowOf(position.Label, to);
            _flowsToday[flow] = (byte)Math.Min(_flowsToday[flow] + 1, byte.MaxValue);
            if (gate == LearningGate.Frozen)
            {
                return;
            }

            // An agent is one that does so once it did without an alarm, or again and again in spite of alarms.
            var known = _flows[flow] + _learnedToday[flow];
            var learned = gate == LearningGate.Open ? 1 : SuspiciousWeight;
            _learnedToday[flow] += learned;
            detector._agentsWith[flow] = Math.Min(detector._agentsWith[flow] + (known < 1 && known + learned >= 1 ? 1 : 0), detector._agents);
        }

        /// <summary>Whether a call writes or sends something somewhere.</summary>
        private static bool CarriesOn(ToolCall call) =>
            call.Kind == CallKind.ToolCall && call.SessionId is not null && call.Action is (ToolAction.Write or ToolAction.Send) && !call.Resources.IsEmpty;

        /// <summary>The least sensitive place that a call writes or sends to.</summary>
        private (Sensitivity Label, string Resource) TargetOf(ToolCall call)
        {
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

        private int Find(ToolCall call) =>
            _open.All.IsEmpty || call.SessionId is null ? -1 : _open.Find(detector._names.SessionOf(call), call.Time.UtcTicks);

        private ref Position PositionOf(ToolCall call)
        {
            var at = Find(call);
            if (at < 0)
            {
                at = _open.Claim(call.Time.UtcTicks);
                _open[at] = new Position { Id = detector._names.SessionOf(call), LastTicks = call.Time.UtcTicks };
            }

            return ref _open[at];
        }
    }

    private Sensitivity Label(string resource) => catalogue.Of(resource);

    /// <summary>A session that has read something sensitive.</summary>
    private struct Position : IOpenSession<Position>
    {
        public ulong Id;
        public long LastTicks;
        public Sensitivity Label;
        public string? Resource;

        /// <summary>Labels that it has gone down to, a bit each.</summary>
        public byte Flows;

        public readonly bool HasGoneTo(Sensitivity to) => (Flows & (1 << (int)to)) != 0;

        public static long IdleAfter => OpenSessions<Position>.LongestSilence;

        readonly ulong IOpenSession<Position>.Id => Id;

        readonly long IOpenSession<Position>.LastTicks => LastTicks;

        public readonly void Save(MemoryWriter writer)
        {
            writer.WriteUInt64(Id);
            writer.WriteVariable((ulong)LastTicks);
            writer.WriteByte((byte)Label);
            writer.WriteString(Resource ?? "");
            writer.WriteByte(Flows);
        }

        public static Position Load(ref MemoryReader reader) => new()
        {
            Id = reader.ReadUInt64(),
            LastTicks = reader.ReadUpTo(DateTimeOffset.MaxValue.UtcTicks),
            Label = (Sensitivity)reader.ReadByte() is >= Sensitivity.Public and <= Sensitivity.Restricted and var label ? label : throw reader.Damaged("a label that is none"),
            Resource = reader.ReadString() is { Length: > 0 } resource ? resource : null,
            Flows = reader.ReadByte(),
        };
    }
}
