using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="FirstUse"/>.</summary>
public sealed record FirstUseOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether first uses of tools and resources are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.16;
}

/// <summary>
/// An agent uses a tool or a resource for the first time. How surprising that is depends on how often this agent does
/// something new: an explorer's tenth new dataset is ordinary, an accountant's first is not.
/// </summary>
/// <remarks>
/// Names that are new within one hour are counted together. With h the chance that a call brings a new name, and c the calls
/// that this agent makes in an hour in which it is active, the count is taken as negative binomial with mean h·c (new names
/// come in clusters, hence the dispersion). h is the agent's own rate of new names over at least the newer half of its
/// history, with pseudo-counts from other agents of the partition at the same age: Good's estimate of the unseen mass
/// (I. J. Good, 1953) with an empirical prior. A name that raised an anomaly stays unfamiliar for a day, then a further use makes
/// it familiar: a lasting new regime is accepted, a single night is not.
/// </remarks>
internal sealed class FirstUse(FirstUseOptions options, FingerprintKey key) : Detector(
    "first-use",
    options.BudgetShare,
    new Feature("new_tools_per_hour", "tools never used before, within 1 hour"),
    new Feature("new_resources_per_hour", "resources never used before, within 1 hour"))
{
    private const int Tools = 0;
    private const int Resources = 1;

    // How many calls of its peers an agent's own history is mixed with.
    private const double PeerCalls = 30;

    // Least pseudo-count of new names, so that no history, however long, makes one new name impossible.
    private const double LeastNew = 0.05;

    private const double Clustering = 2;

    // More than can be counted: saved memory that tells of more is damaged.
    private const long MostCalls = 1_000_000_000_000_000;

    // Tools and resources share the budget.
    private const double TrialsPerDay = 2 * 24;

    // Of all agents of the partition, by age in calls (powers of two): calls made, and calls that brought a new name.
    private const int Ages = 32;
    private readonly double[,] _peerCalls = new double[2, Ages];
    private readonly double[,] _peerNew = new double[2, Ages];
    private readonly FingerprintCache _fingerprints = new(key);

    public override string Family => "novelty";

    public override Baseline CreateBaseline(string agentId) => new Memory(this);

    public override string Explain(in Finding finding) => Sentence.Of(
        $"{finding.Observed:0} {(finding.Feature == Tools ? "tool" : "resource")}{(finding.Observed == 1 ? "" : "s")} within the hour that this agent has never used before, the latest: {finding.Dimension}; usual is {finding.ExpectedHigh:0.###} in an active hour");

    public override void Save(MemoryWriter writer)
    {
        foreach (var value in _peerCalls)
        {
            writer.WriteDouble(value);
        }

        foreach (var value in _peerNew)
        {
            writer.WriteDouble(value);
        }
    }

    public override void Load(ref MemoryReader reader)
    {
        foreach (var table in (double[][,])[_peerCalls, _peerNew])
        {
            for (var i = 0; i < table.Length; i++)
            {
                table[i / Ages, i % Ages] = reader.ReadWithin(0, MostCalls);
            }
        }
    }

    private static int Age(long calls) => Math.Min(System.Numerics.BitOperations.Log2((ulong)calls + 1), Ages - 1);

    private double PeerHazard(int feature, int age) =>
        (_peerNew[feature, age] + 0.5) / (_peerCalls[feature, age] + 1 + (1 << Math.Min(age, 20)));

    private void TellPeers(int feature, int age, bool isNew)
    {
        _peerCalls[feature, age]++;
        _peerNew[feature, age] += isNew ? 1 : 0;
    }

    /// <summary>What is known of one agent: about 250 bytes, at most 1.4 KB.</summary>
    private sealed class Memory(FirstUse detector) : Baseline
    {
        // No event names more resources.
        private const int MostDistinct = 64;

        private static readonly long HourTicks = TimeSpan.TicksPerHour;

        private readonly NameMemory _tools = new();
        private readonly NameMemory _resources = new();
        private long _calls;
        private long _hour;
        private int _callsInHour;
        private double _callsPerActiveHour;

        public override Finding Score(ToolCall call, AgentWindow window)
        {
            if (call.Kind != CallKind.ToolCall || _calls == 0)
            {
                return Finding.None;
            }

            var sameHour = call.Time.UtcTicks / HourTicks == _hour;
            var finding = Finding.None;
            var tool = detector._fingerprints.Of(call.Tool);
            if (_tools.IsUnfamiliar(tool))
            {
                finding = Rate(Tools, _tools, sameHour, _tools.IsCounted(tool, _hour) ? 0 : 1, call.Tool);
            }

            var (news, counted, latest) = (0, 0, (string?)null);
            // A name may stand in one call several times, and is learned from it once.
            Span<ulong> unfamiliar = stackalloc ulong[MostDistinct];
            foreach (var resource in call.Resources)
            {
                var name = detector._fingerprints.Of(resource);
                if (_resources.IsUnfamiliar(name) && news < MostDistinct && !unfamiliar[..news].Contains(name))
                {
                    unfamiliar[news++] = name;
                    counted += _resources.IsCounted(name, _hour) ? 1 : 0;
                    latest = resource;
                }
            }

            return news == 0 ? finding : Finding.Max(finding, Rate(Resources, _resources, sameHour, news - counted, latest!));
        }

        public override void Learn(ToolCall call, LearningGate gate)
        {
            if (call.Kind != CallKind.ToolCall || gate == LearningGate.Frozen)
            {
                return;
            }

            var hour = call.Time.UtcTicks / HourTicks;
            if (hour > _hour)
            {
                BeginHour(hour);
            }

            _callsInHour++;
            var age = Age(_calls++);
            var isNew = _tools.Learn(detector._fingerprints.Of(call.Tool), hour, gate);
            detector.TellPeers(Tools, age, isNew);
            var newResources = false;
            foreach (var resource in call.Resources)
            {
                newResources |= _resources.Learn(detector._fingerprints.Of(resource), hour, gate);
            }

            detector.TellPeers(Resources, age, newResources);
            _tools.CountCall(isNew);
            _resources.CountCall(newResources);
        }

        public override void Save(MemoryWriter writer)
        {
            writer.WriteVariable((ulong)_calls);
            writer.WriteVariable((ulong)_hour);
            writer.WriteVariable((ulong)_callsInHour);
            writer.WriteDouble(_callsPerActiveHour);
            _tools.Save(writer);
            _resources.Save(writer);
        }

        public override void Load(ref MemoryReader reader)
        {
            _calls = reader.ReadUpTo(MostCalls);
            _hour = reader.ReadUnits(TimeSpan.TicksPerHour);
            _callsInHour = reader.ReadInt32();
            _callsPerActiveHour = reader.ReadWithin(0, int.MaxValue);
            _tools.Load(ref reader);
            _resources.Load(ref reader);
        }

        private void BeginHour(long hour)
        {
            if (_hour != 0)
            {
                var weight = _callsPerActiveHour == 0 ? 1 : 0.1;
                _callsPerActiveHour += weight * (_callsInHour - _callsPerActiveHour);
            }

            _hour = hour;
            _callsInHour = 0;
            _tools.BeginHour();
            _resources.BeginHour();
        }

        private Finding Rate(int feature, NameMemory names, bool sameHour, int news, string latest)
        {
            var peers = detector.PeerHazard(feature, Age(_calls));
            var (brought, calls) = names.Recent;
            var hazard = (brought + Math.Max(PeerCalls * peers, LeastNew)) / (calls + PeerCalls);
            var callsPerHour = Math.Max(_callsPerActiveHour, sameHour ? _callsInHour + 1 : 1);
            var expected = Math.Min(hazard, 1) * callsPerHour;

            // A call of an earlier hour that comes late does not see this hour's count, but it brings at least one name.
            var observed = Math.Max(1, news + (sameHour ? names.NewInHour : 0));
            return Finding.OfTrials(
                feature,
                NegativeBinomial.Surprisal(observed, expected, Clustering),
                TrialsPerDay,
                observed,
                0,
                expected,
                latest);
        }
    }
}
