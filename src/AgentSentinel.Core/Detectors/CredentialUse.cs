using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="CredentialUse"/>.</summary>
public sealed record CredentialUseOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether credentials that are new for an agent, or another agent's, are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.02;
}

/// <summary>
/// An agent uses a credential that it never used before. A new one is rotation more often than theft: rare, and counted as such. One that another agent
/// uses is borrowed or stolen. The first use of each credential is told to the journal, where the whole fleet is seen.
/// </summary>
/// <remarks>
/// A new credential: the chance per active day, by the agent's own history (additive smoothing). One that belongs to another agent of the partition
/// speaks with a fixed return period: a rule, not a statistic, except where agents share credentials as a habit: what several have used for
/// <see cref="SharedAfterDays"/> days is taken to be meant so.
/// </remarks>
internal sealed class CredentialUse(CredentialUseOptions options, FingerprintCache names) : Detector(
    "credential-use",
    options.BudgetShare,
    new Feature("new_credential", "credentials never used before by this agent"),
    new Feature("another_agents_credential", "credentials that another agent uses"))
{
    private const int New = 0;
    private const int Anothers = 1;

    private const int MostOwners = 16_384;
    private const int SharedAfterDays = 3;
    private const double AnothersLogReturnPeriod = 5;
    private const double PriorNew = 0.2;
    private const double PriorDays = 10;

    // Who used each credential first. Beyond the limit the journal alone decides.
    private readonly Dictionary<ulong, ulong> _owners = [];
    private readonly FingerprintCache _names = names;

    public override Baseline CreateBaseline(string agentId) => new Memory(this, _names.Of(agentId));

    public override string Explain(in Finding finding) => finding.Feature == New
        ? Sentence.Of($"uses the credential {finding.Dimension} for the first time; usual is {finding.ExpectedHigh:0.###} new ones a day")
        : $"uses the credential {finding.Dimension}, which another agent uses";

    public override void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_owners.Count);
        foreach (var (credential, owner) in _owners.OrderBy(o => o.Key))
        {
            writer.WriteUInt64(credential);
            writer.WriteUInt64(owner);
        }
    }

    public override void Load(ref MemoryReader reader)
    {
        _owners.Clear();
        for (var left = reader.ReadUpTo(MostOwners); left > 0; left--)
        {
            _owners[reader.ReadUInt64()] = reader.ReadUInt64();
        }
    }

    private bool IsAnothers(ulong credential, ulong agent) =>
        _owners.TryGetValue(credential, out var owner) && owner != agent;

    private void Own(ulong credential, ulong agent)
    {
        if (_owners.Count < MostOwners)
        {
            _owners.TryAdd(credential, agent);
        }
    }

    /// <summary>What is known of one agent: 40 bytes and 16 for each credential, at most 300.</summary>
    private sealed class Memory(CredentialUse detector, ulong agent) : Baseline
    {
        private const int MostKnown = 16;

        // Credentials, the day from which each has been used, and whether it is known across agents whose it is; the latest last.
        private readonly List<(ulong Credential, uint Since, bool IsOwned)> _known = new(1);
        private long _day;
        private long _days;
        private long _firstDay;
        private double _new;

        public override Finding Score(ToolCall call, AgentWindow window)
        {
            if (call.CredentialId is null || call.Kind != CallKind.ToolCall)
            {
                return Finding.None;
            }

            var credential = detector._names.Of(call.CredentialId);
            var (at, today) = (IndexOf(credential), DayOf(call));
            // What it used on its first day it was given, however many others have it too.
            var isGiven = _known.Count == 0 || (at >= 0 && _known[at].Since == _firstDay);
            if (!isGiven && detector.IsAnothers(credential, agent) && (at < 0 || today - _known[at].Since < SharedAfterDays))
            {
                return new Finding(Anothers, AnothersLogReturnPeriod, AnothersLogReturnPeriod, 1, 0, 0, call.CredentialId);
            }

            if (at >= 0 || _known.Count == 0)
            {
                return Finding.None;
            }

            var rate = Rate();
            return Finding.OfTrials(New, -Math.Log10(rate), 1, 1, 0, rate, call.CredentialId);
        }

        public override void Learn(ToolCall call, LearningGate gate)
        {
            if (call.CredentialId is null || call.Kind != CallKind.ToolCall || gate == LearningGate.Frozen)
            {
                return;
            }

            var (credential, today) = (detector._names.Of(call.CredentialId), DayOf(call));
            if (today > _day)
            {
                _firstDay = _days == 0 ? today : _firstDay;
                (_day, _days) = (today, _days + 1);
            }

            // Being used, even for days, is what makes a shared credential shared: the day counts from the first use, alarm or not.
            var at = IndexOf(credential);
            if (at < 0)
            {
                _new += _known.Count == 0 ? 0 : 1;
                if (_known.Count == MostKnown)
                {
                    _known.RemoveAt(0);
                }

                at = _known.Count;
                _known.Add((credential, (uint)today, false));
            }

            if (gate == LearningGate.Open && !_known[at].IsOwned)
            {
                detector.Own(credential, agent);
                _known[at] = _known[at] with { IsOwned = true };
            }
        }

        public override EvidenceDetail Detail(in Finding finding) => new(
            _days < 14 ? Sentence.Of($"provisional: the agent has been known for {_days} active days") : null,
            null,
            "a credential that this agent has used before would not have been noticed");

        public override void Save(MemoryWriter writer)
        {
            writer.WriteVariable((ulong)_day);
            writer.WriteVariable((ulong)_days);
            writer.WriteVariable((ulong)_firstDay);
            writer.WriteDouble(_new);
            writer.WriteVariable((ulong)_known.Count);
            foreach (var (credential, since, _) in _known)
            {
                writer.WriteUInt64(credential);
                writer.WriteVariable(since);
            }
        }

        public override void Load(ref MemoryReader reader)
        {
            _day = reader.ReadUnits(TimeSpan.TicksPerDay);
            _days = reader.ReadUpTo(10_000_000);
            _firstDay = reader.ReadUnits(TimeSpan.TicksPerDay);
            _new = reader.ReadWithin(0, 1e12);
            _known.Clear();
            for (var left = reader.ReadUpTo(MostKnown); left > 0; left--)
            {
                _known.Add((reader.ReadUInt64(), (uint)reader.ReadUnits(TimeSpan.TicksPerDay), false));
            }
        }

        private static long DayOf(ToolCall call) => call.Time.UtcTicks / TimeSpan.TicksPerDay;

        private int IndexOf(ulong credential)
        {
            for (var i = 0; i < _known.Count; i++)
            {
                if (_known[i].Credential == credential)
                {
                    return i;
                }
            }

            return -1;
        }

        private double Rate() => Math.Min(1, (_new + PriorNew) / (_days + PriorDays));
    }
}
