using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="Novelty"/>.</summary>
public sealed record NoveltyOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether tools, resources and places that are new for an agent are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.16;
}

/// <summary>
/// An agent uses tools or resources for the first time. How surprising that is depends on how often this agent does something new with this tool: an
/// explorer's tenth new dataset is ordinary, an accountant's first is not. A new name in a known place (<see cref="ResourcePlace"/>) is less than a new place.
/// </summary>
/// <remarks>
/// Names that are new within one session (within one hour where calls name no session) are counted together. With h the chance that a call brings
/// a new name, and c the calls that this agent makes in a session, the count is taken as negative binomial with mean h·c (new names come in clusters,
/// hence the dispersion). h is the agent's own rate of new names, lately and with this tool, with pseudo-counts from other agents of the partition at
/// the same age: Good's estimate of the unseen mass (I. J. Good, 1953) with an empirical prior. A name that raised an anomaly stays unfamiliar for
/// three days, then a further use makes it familiar: a lasting new regime is accepted, a single night is not.
/// </remarks>
internal sealed class Novelty(NoveltyOptions options, FingerprintKey key) : Detector(
    "novelty",
    options.BudgetShare,
    new Feature("new_tools", "tools never used before, within one session or hour"),
    new Feature("new_resources", "resources never used before, within one session or hour"),
    new Feature("new_places", "places of resources never used before, within one session or hour"))
{
    public const int Tools = 0;
    public const int Resources = 1;
    public const int Places = 2;

    // More than can be counted: saved memory that tells of more is damaged.
    public const long MostCalls = 1_000_000_000_000_000;

    // An agent is taken to have a session an hour; one with more of them spends its budget sooner.
    private const double TrialsPerDay = 24;

    // How the budget is split: most of it goes to new targets of calls that change something or carry something out, and to new places.
    private static readonly double[] ConsequentialShares = [0.08, 0.35, 0.12];
    private static readonly double[] OtherShares = [0.05, 0.15, 0.25];

    // Weight of an agent's own rate against its peers' at a tool, and of the past after each further call.
    private const double PeerToolPrior = 4;
    private const double KeepOfPeers = 0.995;

    // Of all agents of the partition, by age in calls (powers of two): calls made, and calls that brought a new name.
    private const int Ages = 32;
    private readonly double[,] _peerCalls = new double[3, Ages];
    private readonly double[,] _peerNew = new double[3, Ages];

    // What peers use: how many agents had each name as new; and by tool, calls and those that brought a name that nobody had used.
    private readonly BoundedCounts _peerNames = new(8192);
    private readonly BoundedCounts _peerTools = new(2048);
    private readonly FingerprintCache _fingerprints = new(key);
    private readonly FingerprintCache _places = new(key, isPlace: true);

    /// <summary>Whether people are told of the call scored last: work space of the memory that scored it.</summary>
    public bool Tells { get; set; }

    public override string Family => "novelty";

    public override Baseline CreateBaseline(string agentId) => new NoveltyMemory(this);

    public override string Explain(in Finding finding)
    {
        var what = finding.Feature switch { Tools => "tool", Resources => "resource", _ => "place of resources" };
        var (one, many) = (what, finding.Feature == Places ? "places of resources" : what + "s");
        return Sentence.Of(
            $"{finding.Observed:0} {(finding.Observed == 1 ? one : many)} in one session or hour that this agent has never used before, the latest: {finding.Dimension}; usual is {finding.ExpectedHigh:0.###}");
    }

    public override void Save(MemoryWriter writer)
    {
        foreach (var table in (double[][,])[_peerCalls, _peerNew])
        {
            foreach (var value in table)
            {
                writer.WriteDouble(value);
            }
        }

        _peerNames.Save(writer);
        _peerTools.Save(writer);
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

        _peerNames.Load(ref reader);
        _peerTools.Load(ref reader);
    }

    public static int Age(long calls) => Math.Min(System.Numerics.BitOperations.Log2((ulong)calls + 1), Ages - 1);

    public ulong NameOf(string name) => _fingerprints.Of(name);

    public ulong PlaceOf(string resource) => _places.Of(resource);

    /// <summary>How often a call of an agent of this age brings a new name.</summary>
    public double PeerHazard(int feature, int age) =>
        (_peerNew[feature, age] + 0.5) / (_peerCalls[feature, age] + 1 + (1 << Math.Min(age, 20)));

    /// <summary>How often a call of this tool, whoever makes it, brings a name that nobody had used.</summary>
    public double PeerHazardOf(ulong tool, double otherwise, int leftOut) =>
        Shrink(Math.Max(0, _peerTools[NewOf(tool)] - leftOut), _peerTools[tool], otherwise, PeerToolPrior);

    public static ulong NewOf(ulong tool) => ~tool;

    /// <summary>
    /// A rate from few calls, mixed with what is otherwise known. The less often something is expected, the less it says that it has not been seen of late:
    /// what is known weighs at least half an event.
    /// </summary>
    public static double Shrink(double events, double calls, double otherwise, double leastCalls)
    {
        var weight = Math.Max(leastCalls, 0.5 / otherwise);
        return (events + (weight * otherwise)) / (calls + weight);
    }

    public bool IsKnownToPeers(ulong name) => _peerNames[name] > 0;

    public void TellPeers(int feature, int age, bool isNew)
    {
        _peerCalls[feature, age]++;
        _peerNew[feature, age] += isNew ? 1 : 0;
    }

    public void TellPeers(ulong name) => _peerNames.Add(name);

    public void TellPeers(ulong tool, bool isUnheardOf)
    {
        _peerTools.Add(tool, 1, KeepOfPeers);
        if (isUnheardOf || _peerTools[NewOf(tool)] > 0)
        {
            _peerTools.Add(NewOf(tool), isUnheardOf ? 1 : 0, KeepOfPeers);
        }
    }

    public static Finding Rate(int feature, bool isConsequential, double surprisal, double observed, double expected, string latest) =>
        Finding.OfTrials(feature, surprisal, TrialsPerDay / (isConsequential ? ConsequentialShares : OtherShares)[feature], observed, 0, expected, latest);
}
