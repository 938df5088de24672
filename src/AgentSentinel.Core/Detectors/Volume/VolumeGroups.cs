using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// What agents have in common, by their declared peer groups; those of no group are as all agents of the partition are. Owned by a detector.
/// </summary>
/// <param name="channels">Their names, stable: they stand in models.</param>
/// <param name="priors">What is believed of each channel before any agent is known.</param>
/// <param name="registry">What is declared of the agents.</param>
/// <param name="calendar">Days that people have off, which are like Sundays; null when none is known.</param>
internal sealed class VolumeGroups(IReadOnlyList<string> channels, IReadOnlyList<GumbelPrior> priors, AgentRegistry registry, WorkCalendar? calendar = null)
{
    private const int MostGroups = 1024;

    private readonly Dictionary<string, VolumePeers> _groups = new(StringComparer.Ordinal);
    private AgentRegistry _registry = registry;

    /// <summary>All agents.</summary>
    public VolumePeers All { get; private set; } = new(priors, calendar);

    /// <summary>What is usual of each channel.</summary>
    public IReadOnlyDictionary<string, GumbelPrior> Priors => Enumerable.Range(0, channels.Count).ToDictionary(i => channels[i], i => All.Prior(i), StringComparer.Ordinal);

    /// <summary>Begins with what a model says of some channels.</summary>
    public void BeginWith(IReadOnlyDictionary<string, GumbelPrior> known)
    {
        for (var i = 0; i < channels.Count; i++)
        {
            if (known.TryGetValue(channels[i], out var prior))
            {
                All.Believe(i, prior);
            }
        }
    }

    /// <summary>Takes over what is declared from now on.</summary>
    public void Declare(AgentRegistry declared)
    {
        _registry = declared;
        All = All.Renew(null);
        foreach (var (group, peers) in _groups)
        {
            _groups[group] = peers.Renew(All);
        }
    }

    /// <summary>The peers of an agent.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="known">What was answered last; null at first.</param>
    public VolumePeers Of(string agentId, VolumePeers? known) => known is { IsCurrent: true } ? known : Find(agentId);

    public void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)channels.Count);
        for (var i = 0; i < channels.Count; i++)
        {
            writer.WriteDouble(All.Prior(i).Location);
            writer.WriteDouble(All.Prior(i).Scale);
        }

        All.Save(writer);
        writer.WriteVariable((ulong)_groups.Count);
        foreach (var (group, peers) in _groups)
        {
            writer.WriteString(group);
            peers.Save(writer);
        }
    }

    public void Load(ref MemoryReader reader)
    {
        if (reader.ReadCount(16) != channels.Count)
        {
            throw reader.Damaged("another number of channels");
        }

        for (var i = 0; i < channels.Count; i++)
        {
            All.Believe(i, new GumbelPrior(reader.ReadWithin(-10, 10), reader.ReadWithin(0.1, 10)));
        }

        All.Load(ref reader);
        for (var i = reader.ReadCount(26); i > 0; i--)
        {
            var peers = new VolumePeers(All);
            _groups[reader.ReadString()] = peers;
            peers.Load(ref reader);
        }
    }

    private VolumePeers Find(string agentId)
    {
        if (_registry.Find(agentId)?.PeerGroup is not { Length: > 0 } group)
        {
            return All;
        }

        if (!_groups.TryGetValue(group, out var peers) && _groups.Count < MostGroups)
        {
            _groups.Add(group, peers = new VolumePeers(All));
        }

        return peers ?? All;
    }
}
