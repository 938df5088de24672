using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="Sequence"/>.</summary>
public sealed record SequenceOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether the order of tools is scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.03;
}

/// <summary>
/// An agent calls its tools in an order that is not its own: it was hijacked, or has lost its way.
/// </summary>
/// <remarks>
/// The probability of a tool after the one before it in the session, by the agent's own transitions, backed off to those of its peers (agents of the
/// same declared group or purpose, then all that make the same transitions) and to the agent's tools without regard to order (Witten and Bell 1991). Surprisal beyond one decade, of the last four calls
/// of a session, is added up and counted at <see cref="OrderWeight"/>: calls of one task are far from independent. Never-used tools and runs of one
/// tool are other detectors' business.
/// </remarks>
internal sealed class Sequence(SequenceOptions options, FingerprintCache names, AgentRegistry registry) : Detector(
    "sequence",
    options.BudgetShare,
    new Feature("tool_order", "decades of surprise about the order of the last four calls"))
{
    private const double OrderWeight = 0.2;

    // A session an hour has one order to be surprised at. Most of the budget goes to calls that change something or carry something out.
    private const double TrialsPerDay = 24;
    private const double ConsequentialShare = 0.9;

    private const double PeerSmoothing = 0.3;
    private const double DistinctSmoothing = 0.5;

    // What is at least so likely is no surprise.
    private static readonly double LeastOrdinary = Math.Pow(10, -Usual);

    // Of all agents of the partition: transitions and how often each tool was left, and for how many different ones.
    private readonly BoundedCounts _peers = new(8192);
    private AgentRegistry _registry = registry;

    /// <summary>What the last score made of whose call: learning looks at the same call again.</summary>
    public (SequenceMemory By, double Surprise)? Scored { get; set; }

    /// <summary>Fingerprints of names.</summary>
    public FingerprintCache Names { get; } = names;

    public override Baseline CreateBaseline(string agentId) => new SequenceMemory(this, agentId);

    public override void Declare(AgentRegistry registry) => _registry = registry;

    public override string Explain(in Finding finding) => Sentence.Of(
        $"{finding.Dimension} is an order of calls unusual for this agent: {finding.Observed:0.0} decades of surprise in four calls, usual is at most {finding.ExpectedHigh:0.0}");

    public override void Save(MemoryWriter writer) => _peers.Save(writer);

    public override void Load(ref MemoryReader reader) => _peers.Load(ref reader);

    public bool Notes(ref AgentVersion version, ToolCall call) => version.Note(call, Names);

    public ulong GroupOf(ref PeerGroup peers, string agentId) => peers.Of(agentId, _registry, Names);

    public void TellPeers(ulong group, ulong before, ulong tool)
    {
        Count(_peers, before, tool);
        if (group != 0)
        {
            Count(_peers, Within(group, before), tool);
        }
    }

    /// <summary>Counts a transition: how often it was made, how often its first tool was left, and for how many different ones.</summary>
    public static void Count(BoundedCounts counts, ulong before, ulong tool)
    {
        if (counts.Add(TextTokens.Pair(before, tool)) == 0)
        {
            counts.Add(Distinct(before));
        }

        counts.Add(Left(before));
    }

    /// <summary>Decades that any order costs: what is beyond them is a surprise.</summary>
    public const double Usual = 1;

    /// <summary>True when the agent's own transitions alone tell that a tool after another is no surprise, as most are.</summary>
    public static bool IsOrdinary(BoundedCounts own, ulong before, ulong tool)
    {
        var left = own[Left(before)];
        if (left <= 0)
        {
            return false;
        }

        // A tool was left for no more different ones than times: mostly that is enough to know.
        var made = Math.Min(own[TextTokens.Pair(before, tool)], left);
        return made >= LeastOrdinary * (left + Smoothing(left)) || made >= LeastOrdinary * (left + Smoothing(own[Distinct(before)]));
    }

    /// <summary>−log10 of the probability of a tool after another.</summary>
    /// <param name="own">The agent's transitions.</param>
    /// <param name="group">The agent's declared peers; 0 when it has none.</param>
    /// <param name="before">The tool before.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="share">The tool's share of the agent's calls, in (0, 1].</param>
    public double Surprisal(BoundedCounts own, ulong group, ulong before, ulong tool, double share)
    {
        var peers = Look(_peers, before, tool).Mix(share);
        return -Math.Log10(Look(own, before, tool).Mix(group == 0 ? peers : Look(_peers, Within(group, before), tool).Mix(peers)));
    }

    public static Finding Rate(double surprise, double weighted, bool isConsequential, string tool) =>
        Finding.OfTrials(0, OrderWeight * weighted, TrialsPerDay / (isConsequential ? ConsequentialShare : 1 - ConsequentialShare), surprise, 0, 3, tool);

    private static Transition Look(BoundedCounts counts, ulong before, ulong tool)
    {
        var left = counts[Left(before)];
        return left <= 0 ? new Transition(0, 0, 1)
            : new Transition(Math.Min(counts[TextTokens.Pair(before, tool)], left), left, Smoothing(counts[Distinct(before)]));
    }

    private static double Smoothing(double distinct) => PeerSmoothing + (DistinctSmoothing * distinct);

    private static ulong Within(ulong group, ulong before) => TextTokens.Pair(group, before);

    private static ulong Left(ulong tool) => TextTokens.Pair(tool, 2);

    private static ulong Distinct(ulong tool) => TextTokens.Pair(tool, 3);

    /// <summary>How often a transition was made, how often its first tool was left, and the weight of what is otherwise known.</summary>
    private readonly record struct Transition(double Made, double Left, double Smoothing)
    {
        /// <summary>The probability of the transition.</summary>
        /// <param name="otherwise">What it is otherwise.</param>
        public double Mix(double otherwise) => (Made + (Smoothing * otherwise)) / (Left + Smoothing);
    }
}
