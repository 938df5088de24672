using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="Lineage"/>.</summary>
public sealed record LineageOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether it is asked where the values of consequential calls came from.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.1;
}

/// <summary>
/// A consequential call (write, delete, execute, send, admin, or any call to an address that is new for the agent) takes a value from the result of an
/// earlier call, which somebody without authority could have written, and not from the request.
/// </summary>
/// <remarks>
/// <para>
/// For each such value: U = w · r · k · (−log10 P(source → argument) − log10 P(new value | argument)). w weighs who could have written the most innocent
/// of its sources; r is 1 for what decides where the call goes or what it does (it stands in the call's resources, is an address, a credential or a command) and
/// <see cref="PayloadRole"/> for mere contents; k discounts values that this agent, or its peers, used before. For an address at a host that is new, the less likely of
/// new value and new host counts. Both probabilities are those of the agent's own sessions, with other agents' calls of the same tool as prior (additive smoothing; the unseen mass after I. J. Good, 1953).
/// Benign flows become cheap by being learned, those that alarmed by <see cref="LineageHabits"/>; what the user himself ordered costs nothing.
/// </para>
/// <para>
/// Unlike counts, such evidence has no clock: U is turned into a return period by <see cref="DecadesPerUnit"/>, fixed so that at the default budget
/// about one benign session in a hundred was alarmed on recorded agents; the budget moves that point. An agent's first <see cref="WarmUpSessions"/>
/// sessions are scored lower and learned whatever they score.
/// </para>
/// </remarks>
internal sealed class Lineage(LineageOptions options, FingerprintCache names) : Detector(
    "lineage",
    options.BudgetShare,
    new Feature("untrusted_flow", "−log10 p of where a value of the call came from", TelemetryLevel.Lineage))
{
    /// <summary>Sessions that an agent is given to show what it does.</summary>
    public const int WarmUpSessions = 10;

    public const double PayloadRole = 0.35;

    /// <summary>
    /// What is left of the surprise at a value that this agent took from elsewhere than a request before; that another agent did; that is at a host where this agent took
    /// another one; that one of them only read at; that a request had.
    /// </summary>
    public const double KnownHere = 0.2;
    public const double KnownToPeers = 0.5;
    public const double KnownPlace = 0.5;
    public const double KnownFromReads = 0.6;
    public const double KnownFromRequests = 0.8;

    // Which of one's own records is meant. A list of them is there to choose from.
    private const double RecordRole = 0.6;

    // What a result has is evidence that it came from there; what no text has may have been made up.
    private const double NowhereWeight = 0.4;
    private const double NowherePrior = 0.3;
    private const double AskedPrior = 0.3;

    private const double DecadesPerUnit = 2.4;
    private const double WarmUpDecades = 3;

    // Weight of another agent's call in the prior, and pseudo-counts.
    private const double PeerWeight = 0.3;
    private const double FlowPrior = 2;
    private const double NewPrior = 2;
    private const double NewPriorShare = 0.2;
    private const double NewShare = 0.5;

    // However long the history, neither mere contents, by coincidence, nor a value that is new and no more must raise an alarm.
    private const double MostFlow = 1.8;
    private const double MostNovelty = 1.0;

    // Where an agent has long known everybody's host, one that only a result named is more than a new value.
    private const double MostNewPlace = 1.2;

    // Of all agents of the partition: flows, arguments, and values.
    private readonly BoundedCounts _peerFlows = new(4096);
    private readonly BoundedCounts _peerValues = new(8192);

    public FingerprintCache Names { get; } = names;

    public ValueTracer Tracer { get; } = new(names.Key);

    /// <summary>What was most surprising about the call scored last: work space of the memory that scored it, here so that no agent keeps a session alive by it.</summary>
    public (LineageSession? Session, int Value, LineageSource Source, LineageScore Score) Best { get; set; }

    /// <summary>The session in which the call scored last was traced, until that call is learned: work space of the memory that scored it.</summary>
    public LineageSession? Traced { get; set; }

    /// <summary>Forgets what the last call has left here.</summary>
    public void BeginScore()
    {
        Traced = null;
        if (Best.Session is not null)
        {
            Best = default;
        }
    }

    public override Baseline CreateBaseline(string agentId) => new LineageMemory(this);

    public override string Explain(in Finding finding) => Sentence.Of(
        $"{finding.Dimension}: the value came from there and not from the request; −log10 p {finding.Observed:0.00}, usual is at most {finding.ExpectedHigh:0.00}");

    public override void Save(MemoryWriter writer)
    {
        _peerFlows.Save(writer);
        _peerValues.Save(writer);
    }

    public override void Load(ref MemoryReader reader)
    {
        _peerFlows.Load(ref reader);
        _peerValues.Load(ref reader);
    }

    /// <summary>Whether an action changes something or carries something out.</summary>
    public static bool IsConsequential(ToolAction action) =>
        action is ToolAction.Write or ToolAction.Delete or ToolAction.Execute or ToolAction.Send or ToolAction.Admin;

    /// <summary>Whether an agent of the partition used a value so.</summary>
    public bool IsKnownToPeers(ulong use) => _peerValues[use] > 0;

    /// <summary>A fact of a session that ended without alarm.</summary>
    public void TellPeers(in LineageFact fact, bool isNew, bool isNewPlace)
    {
        CountIn(_peerFlows, fact, isNew, isNewPlace);
        if (!fact.IsRequested)
        {
            _peerValues.Add(fact.Value);
        }
    }

    /// <summary>A flow that came to be a habit, whatever its values are.</summary>
    public void TellPeersOfFlow(in LineageFact fact) => CountIn(_peerFlows, fact, isNew: true, isNewPlace: false);

    public static void CountIn(BoundedCounts flows, in LineageFact fact, bool isNew, bool isNewPlace)
    {
        flows.Add(fact.Argument);
        if (fact.Source != 0)
        {
            flows.Add(FlowOf(fact.Argument, fact.Source));
        }

        if (isNew)
        {
            flows.Add(NewOf(fact.Argument));
        }

        if (isNewPlace)
        {
            flows.Add(NewPlaceOf(fact.Argument));
        }
    }

    /// <summary>Scores one value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="source">Its most innocent source.</param>
    /// <param name="flows">What the agent's own flows were.</param>
    /// <param name="isTarget">It decides where the call goes.</param>
    /// <param name="known">What having been used before leaves of the surprise: see <see cref="KnownHere"/> and those that follow.</param>
    /// <param name="isNewPlace">It is at a host, or somebody's there, where the agent had nothing to do yet.</param>
    public LineageScore Score(in TracedValue value, in LineageSource source, BoundedCounts flows, bool isTarget, double known, bool isNewPlace)
    {
        var calls = Count(value.Argument);
        var flowCalls = Flows(value.Argument, calls, source, value.IsAsked);
        var newCalls = Math.Min(calls, Count(NewOf(value.Argument)));
        var (flowPrior, newPrior) = (PriorOf(source, value.IsAsked), NewPriorShare);
        if (value.Namesakes != 0 && Count(value.Namesakes) is > 0 and var others)
        {
            // What a search found is handed on under one name, to be read, moved or closed: a tool that is yet to show its own habits has those of its namesakes.
            var borrowed = others / (others + FlowPrior) / (1 + calls);
            flowPrior += borrowed * Math.Max(0, (Flows(value.Namesakes, others, source, value.IsAsked) / others) - flowPrior);
            newPrior += borrowed * Math.Max(0, (Math.Min(1, Count(NewOf(value.Namesakes)) / others) * NewShare) - newPrior);
        }

        var flowChance = (flowCalls + (FlowPrior * flowPrior)) / (calls + FlowPrior);
        var newChance = ((newCalls * NewShare) + (NewPrior * newPrior)) / (calls + NewPrior);
        var novelty = Math.Min(-Math.Log10(newChance), MostNovelty);
        if (isNewPlace)
        {
            var newPlaces = Math.Min(calls, Count(NewPlaceOf(value.Argument)));
            novelty = Math.Max(novelty, Math.Min(-Math.Log10(((newPlaces * NewShare) + (NewPrior * NewPriorShare)) / (calls + NewPrior)), MostNewPlace));
        }

        // The number of a record out of one's own list is how records are told apart, not where things go.
        var isRecord = value.IsShort && source.Trust is (SourceTrust.Internal or SourceTrust.Unknown);
        // One's own organisation is who writes down what to run.
        var isOrder = value.IsOrder && source.Trust is (SourceTrust.External or SourceTrust.Untrusted);
        // To a mailbox that a text mentions nothing goes until its reader writes there; a link takes him along.
        var decides = (isTarget && !isRecord) || (value.IsAddress && !value.IsMention) || value.IsCredential || isOrder;
        var role = !decides ? PayloadRole : value.Namesakes != 0 && source.Trust is (SourceTrust.Internal or SourceTrust.Unknown) ? RecordRole : 1;
        var weight = (source.IsNowhere ? (decides ? NowhereWeight : 0) : LineageSession.Weight(source.Trust) * role) * known;
        return new LineageScore(Math.Min(-Math.Log10(flowChance), MostFlow) * weight, novelty * weight, known);

        double Count(ulong key) => flows[key] + (PeerWeight * _peerFlows[key]);

        // What the request speaks of is no more of a surprise than what it does not.
        double Flows(ulong argument, double most, in LineageSource source, bool isAsked) =>
            Math.Min(most, Count(FlowOf(argument, source.FlowOf(isAsked: false))) + (isAsked ? Count(FlowOf(argument, source.FlowOf(isAsked: true))) : 0));
    }

    /// <summary>The return period that a score stands for.</summary>
    public static double LogReturnPeriod(double score, double sessions) =>
        (DecadesPerUnit * score) - (WarmUpDecades * (1 - Math.Min(sessions / WarmUpSessions, 1)));

    /// <summary>Over this a value is never accepted by lasting: that takes a person.</summary>
    public const double StrongScore = 1.5;

    /// <summary>The score of an ordinary finding at most, for people.</summary>
    public const double UsualScore = 1;

    private static ulong FlowOf(ulong argument, ulong source) => TextTokens.Pair(argument, source);

    private static ulong NewOf(ulong argument) => TextTokens.Pair(argument, 1);

    private static ulong NewPlaceOf(ulong argument) => TextTokens.Pair(argument, 3);

    /// <summary>How often an argument is taken from such a source, before anything is known.</summary>
    private static double PriorOf(in LineageSource source, bool isAsked) =>
        source.IsNowhere ? NowherePrior : isAsked ? AskedPrior : source.Trust is SourceTrust.External or SourceTrust.Untrusted ? 0.05 : 0.1;
}
