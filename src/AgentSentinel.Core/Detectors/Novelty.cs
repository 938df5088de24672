using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
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
/// hence the dispersion). h is the agent's own rate of new names, lately and with this tool, with pseudo-counts from its peers at the same age: Good's estimate
/// of the unseen mass (I. J. Good, 1953) with an empirical prior. Peers are the agents of the same declared group or purpose (<see cref="PeerGroup"/>), backed by
/// all that use the tool. A name that raised an anomaly stays unfamiliar for
/// three days, then a further use makes it familiar: a lasting new regime is accepted, a single night is not.
/// </remarks>
internal sealed class Novelty(NoveltyOptions options, FingerprintCache names, AgentRegistry registry) : Detector(
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

    private const int MostGroups = 64;

    private NoveltyPeers _all = new();
    private readonly Dictionary<ulong, NoveltyPeers> _groups = [];

    // What peers use: how many agents had each name as new; and by tool, calls and those that brought a name that nobody had used. Of all, and of each group.
    private readonly BoundedCounts _peerNames = new(8192);
    private readonly BoundedCounts _peerTools = new(2048);
    private readonly FingerprintCache _places = new(names.Key, isPlace: true);
    private AgentRegistry _registry = registry;

    /// <summary>Whether people are told of the call scored last: work space of the memory that scored it.</summary>
    public bool Tells { get; set; }

    /// <summary>Whether the call scored last names nothing unfamiliar: learning, which comes next, need not look again. The same work space.</summary>
    public bool IsFamiliar { get; set; }

    /// <summary>Fingerprints of names.</summary>
    public FingerprintCache Names { get; } = names;

    public override string Family => "novelty";

    public override Baseline CreateBaseline(string agentId) => new NoveltyMemory(this, agentId);

    public override void Declare(AgentRegistry registry) => _registry = registry;

    public override string Explain(in Finding finding)
    {
        var what = finding.Feature switch { Tools => "tool", Resources => "resource", _ => "place of resources" };
        var (one, many) = (what, finding.Feature == Places ? "places of resources" : what + "s");
        return Sentence.Of(
            $"{finding.Observed:0} {(finding.Observed == 1 ? one : many)} in one session or hour that this agent has never used before, the latest: {finding.Dimension}; usual is {finding.ExpectedHigh:0.###}");
    }

    public override void Save(MemoryWriter writer)
    {
        _all.Save(writer);
        writer.WriteVariable((ulong)_groups.Count);
        foreach (var (group, peers) in _groups.OrderBy(group => group.Key))
        {
            writer.WriteUInt64(group);
            peers.Save(writer);
        }

        _peerNames.Save(writer);
        _peerTools.Save(writer);
    }

    public override void Load(ref MemoryReader reader)
    {
        _all = NoveltyPeers.Load(ref reader);
        _groups.Clear();
        for (var left = reader.ReadUpTo(MostGroups); left > 0; left--)
        {
            _groups[reader.ReadUInt64()] = NoveltyPeers.Load(ref reader);
        }

        _peerNames.Load(ref reader);
        _peerTools.Load(ref reader);
    }

    public bool Notes(ref AgentVersion version, ToolCall call) => version.Note(call, Names);

    public ulong PlaceOf(string resource) => _places.Of(resource);

    public ulong GroupOf(ref PeerGroup peers, string agentId) => peers.Of(agentId, _registry, Names);

    /// <summary>How often a call of an agent of this age brings a new name.</summary>
    public double PeerHazard(int feature, int age, ulong group)
    {
        var all = _all.Hazard(feature, age);
        return group != 0 && _groups.TryGetValue(group, out var peers) ? peers.Hazard(feature, age, all) : all;
    }

    /// <summary>How often a call of this tool, whoever makes it, brings a name that no peer had used.</summary>
    public double PeerHazardOf(ulong tool, ulong group, double otherwise, int leftOut)
    {
        var all = Shrinkage.Rate(Math.Max(0, _peerTools[NewOf(tool)] - leftOut), _peerTools[tool], otherwise, PeerToolPrior);
        return group == 0 ? all : Shrinkage.Rate(Math.Max(0, _peerTools[NewOf(Of(group, tool))] - leftOut), _peerTools[Of(group, tool)], all, PeerToolPrior);
    }

    public static ulong NewOf(ulong tool) => ~tool;

    public bool IsKnownToPeers(ulong name, ulong group) => _peerNames[group == 0 ? name : Of(group, name)] > 0;

    public void TellPeers(int feature, int age, ulong group, bool isNew)
    {
        _all.Tell(feature, age, isNew);
        PeersOf(group)?.Tell(feature, age, isNew);
    }

    public void TellPeers(ulong name, ulong group)
    {
        _peerNames.Add(name);
        if (group != 0)
        {
            _peerNames.Add(Of(group, name));
        }
    }

    public void TellPeersOf(ulong tool, ulong group, bool isUnheardOf)
    {
        CountCall(_peerTools, tool, isUnheardOf, KeepOfPeers);
        if (group != 0)
        {
            CountCall(_peerTools, Of(group, tool), isUnheardOf, KeepOfPeers);
        }
    }

    /// <summary>Counts a call of a tool, and whether it brought a name that nobody had used.</summary>
    public static void CountCall(BoundedCounts counts, ulong tool, bool isUnheardOf, double keep)
    {
        counts.Add(tool, 1, keep);
        if (isUnheardOf)
        {
            counts.Add(NewOf(tool), 1, keep);
        }
        else
        {
            counts.Fade(NewOf(tool), keep);
        }
    }

    public static Finding Rate(int feature, bool isConsequential, double surprisal, double observed, double expected, string latest) =>
        Finding.OfTrials(feature, surprisal, TrialsPerDay / (isConsequential ? ConsequentialShares : OtherShares)[feature], observed, 0, expected, latest);

    private static ulong Of(ulong group, ulong name) => TextTokens.Pair(group, name);

    private NoveltyPeers? PeersOf(ulong group)
    {
        if (group == 0 || (!_groups.TryGetValue(group, out var peers) && _groups.Count == MostGroups))
        {
            return null;
        }

        return peers ?? (_groups[group] = new NoveltyPeers());
    }
}
