using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="Sequence"/>.</summary>
public sealed record SequenceOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether the order of tools and repeats of one call are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.03;
}

/// <summary>
/// An agent calls its tools in an order that is not its own, the same call again and again, or does the same to one resource after the other faster than
/// anybody could read what it does: an agent that was hijacked or that runs in a loop.
/// </summary>
/// <remarks>
/// <para>
/// Order: the probability of a tool after the one before it in the session, by the agent's own transitions, backed off to those of its peers (agents that
/// make the same transitions) and to the agent's tools without regard to order (Witten and Bell 1991). Surprisal beyond one decade, of the last four calls
/// of a session, is added up and counted at <see cref="OrderWeight"/>: calls of one task are far from independent. Never-used tools are another
/// detector's business.
/// </para>
/// <para>
/// Repeats: with ρ the agent's own rate of immediate repeats of one call (same tool, resources and arguments), a run of r repeats has the probability ρ^r. Likewise the
/// spread of one consequential tool over resources, with the agent's rate of such calls that follow one another at machine speed. An agent with little history is believed to do as others do with the tool.
/// </para>
/// </remarks>
internal sealed class Sequence(SequenceOptions options, FingerprintKey key) : Detector(
    "sequence",
    options.BudgetShare,
    new Feature("tool_order", "decades of surprise about the order of the last four calls"),
    new Feature("repeats_in_a_row", "immediate repeats of one call"),
    new Feature("rapid_spread", "calls in a row that do the same to one resource after the other, at machine speed"))
{
    public const int Order = 0;
    public const int Repeats = 1;
    public const int Spread = 2;

    private const double OrderWeight = 0.2;

    // A session an hour has one order to be surprised at; repeats may begin with every call, of which a busy agent makes a thousand a day.
    // Most of the budget goes to calls that change something or carry something out.
    private const double OrderTrialsPerDay = 24;
    private const double ConsequentialShare = 0.9;
    private const double RepeatTrialsPerDay = 1000;

    private const double SpreadTrialsPerDay = 100;

    private const int IndependentRepeats = 6;

    // Looking again is less than half as odd as doing again.
    private const double ReadWeight = 0.4;

    // Weight of the past after each further call of a tool, by whomever, and what a tool is believed to be given to before anybody used it.
    private const double KeepOfPeers = 0.999;
    private const double PriorRuns = 0.5;
    private const double PriorCalls = 25;

    private const double PeerSmoothing = 0.3;
    private const double DistinctSmoothing = 0.5;

    // Of all agents of the partition: transitions and how often each tool was left, and for how many different ones.
    private readonly BoundedCounts _peers = new(8192);
    private readonly FingerprintCache _names = new(key);

    public FingerprintKey Key { get; } = key;

    public override Baseline CreateBaseline(string agentId) => new SequenceMemory(this);

    public override string Explain(in Finding finding) => Sentence.Of(finding.Feature == Order
        ? $"{finding.Dimension} is an order of calls unusual for this agent: {finding.Observed:0.0} decades of surprise in four calls, usual is at most {finding.ExpectedHigh:0.0}"
        : finding.Feature == Spread
        ? (FormattableString)$"{finding.Dimension} was called on {finding.Observed + 1:0} resources in a row, faster than anybody could read what it does; usual is at most {finding.ExpectedHigh:0.#} in a row"
        : $"{finding.Dimension} was called {finding.Observed + 1:0} times in a row with the same input; usual is at most {finding.ExpectedHigh:0.#} repeats");

    public override void Save(MemoryWriter writer) => _peers.Save(writer);

    public override void Load(ref MemoryReader reader) => _peers.Load(ref reader);

    public ulong NameOf(string name) => _names.Of(name);

    public void TellPeers(ulong before, ulong tool) => Count(_peers, before, tool);

    public void TellPeersOfRuns(ulong tool, bool isRepeat, bool isSpread)
    {
        _peers.Add(Called(tool), 1, KeepOfPeers);
        CountRun(Repeated(tool), isRepeat);
        CountRun(SpreadOut(tool), isSpread);

        void CountRun(ulong run, bool goesOn)
        {
            if (goesOn || _peers[run] > 0)
            {
                _peers.Add(run, goesOn ? 1 : 0, KeepOfPeers);
            }
        }
    }

    /// <summary>How often a call of this tool, whoever makes it, repeats the one before.</summary>
    public double PeerRepeatRate(ulong tool) => PeerRate(Repeated(tool), tool);

    /// <summary>How often it does the same to another resource within a moment.</summary>
    public double PeerSpreadRate(ulong tool) => PeerRate(SpreadOut(tool), tool);

    private double PeerRate(ulong run, ulong tool) => (_peers[run] + PriorRuns) / (_peers[Called(tool)] + PriorCalls);

    /// <summary>Counts a transition: how often it was made, how often its first tool was left, and for how many different ones.</summary>
    public static void Count(BoundedCounts counts, ulong before, ulong tool)
    {
        var transition = TextTokens.Pair(before, tool);
        if (counts[transition] == 0)
        {
            counts.Add(Distinct(before));
        }

        counts.Add(transition);
        counts.Add(Left(before));
    }

    /// <summary>−log10 of the probability of a tool after another.</summary>
    /// <param name="own">The agent's transitions.</param>
    /// <param name="before">The tool before.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="share">The tool's share of the agent's calls, in (0, 1].</param>
    public double Surprisal(BoundedCounts own, ulong before, ulong tool, double share) =>
        -Math.Log10(Mix(own, before, tool, Mix(_peers, before, tool, share)));

    public static Finding OrderFinding(double surprise, double weighted, bool isConsequential, string transition) =>
        Finding.OfTrials(Order, OrderWeight * weighted, OrderTrialsPerDay / (isConsequential ? ConsequentialShare : 1 - ConsequentialShare), surprise, 0, 3, transition);

    public static Finding RepeatFinding(int repeats, double rate, bool isConsequential, string tool) =>
        Finding.OfTrials(Repeats, RepeatSurprisal(repeats, rate, isConsequential), RepeatTrialsPerDay, repeats, 0, Math.Max(1, 3 / -Math.Log10(rate)), tool);

    public static Finding SpreadFinding(int spread, double rate, string tool) =>
        Finding.OfTrials(Spread, RepeatSurprisal(spread, rate, isConsequential: true), SpreadTrialsPerDay, spread, 0, Math.Max(1, 3 / -Math.Log10(rate)), tool);

    /// <summary>Runs have heavier tails than independent repeats would: beyond six, a decade more of repeats is half a decade of surprise.</summary>
    private static double RepeatSurprisal(int repeats, double rate, bool isConsequential) =>
        (-Math.Min(repeats, IndependentRepeats) * Math.Log10(rate) * (isConsequential ? 1 : ReadWeight))
        + (Math.Log10(Math.Max(repeats, IndependentRepeats) / (double)IndependentRepeats) / 2);

    private static double Mix(BoundedCounts counts, ulong before, ulong tool, double otherwise)
    {
        var left = counts[Left(before)];
        if (left <= 0)
        {
            return otherwise;
        }

        var smoothing = PeerSmoothing + (DistinctSmoothing * counts[Distinct(before)]);
        return (Math.Min(counts[TextTokens.Pair(before, tool)], left) + (smoothing * otherwise)) / (left + smoothing);
    }

    private static ulong Left(ulong tool) => TextTokens.Pair(tool, 2);

    private static ulong Called(ulong tool) => TextTokens.Pair(tool, 4);

    private static ulong Repeated(ulong tool) => TextTokens.Pair(tool, 5);

    private static ulong SpreadOut(ulong tool) => TextTokens.Pair(tool, 6);

    private static ulong Distinct(ulong tool) => TextTokens.Pair(tool, 3);
}
