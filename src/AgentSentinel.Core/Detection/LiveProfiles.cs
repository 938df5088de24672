using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detection;

/// <summary>The profiles of a partition that are in memory; the others are read from the saved memory when they are asked for.</summary>
/// <param name="setup">What they have in common.</param>
/// <param name="saved">The saved memory.</param>
internal sealed class LiveProfiles(ProfileSetup setup, IStateReader saved)
{
    private readonly Dictionary<string, AgentProfile> _byAgent = new(StringComparer.Ordinal);

    // By the identity of the name, in front of the dictionary: none that is not in it.
    private readonly AnswersByName<AgentProfile?> _lately = new();

    /// <summary>How many there are.</summary>
    public int Count => _byAgent.Count;

    /// <summary>The profile of an agent, to look at; null when nothing is known of it.</summary>
    public AgentProfile? Find(string agentId) => _byAgent.TryGetValue(agentId, out var live) ? live : Read(agentId);

    /// <summary>The profile of an agent, kept in memory from now on; null when nothing is known of it.</summary>
    public AgentProfile? Known(string agentId)
    {
        if (_lately.TryGet(agentId, out var profile))
        {
            return profile;
        }

        if (!_byAgent.TryGetValue(agentId, out profile) && (profile = Read(agentId)) is not null)
        {
            _byAgent.Add(agentId, profile);
        }

        return profile is null ? null : _lately.Keep(agentId, profile);
    }

    /// <summary>The profile of an agent, a fresh one when nothing is known of it.</summary>
    public AgentProfile Of(string agentId)
    {
        if (Known(agentId) is not { } profile)
        {
            profile = new AgentProfile(agentId, setup);
            _byAgent.Add(agentId, profile);
        }

        return profile;
    }

    /// <summary>Drops saved profiles without open windows, those unseen for longest first, a tenth more than needed so that it is seldom done.</summary>
    /// <param name="most">How many may stay in memory.</param>
    public void DropUnseen(int most)
    {
        if (Count <= most)
        {
            return;
        }

        var droppable = _byAgent.Values
            .Where(p => !p.HasOpenWindows)
            .OrderBy(p => p.LastSeen)
            .Take(Count - (most * 9 / 10))
            .ToList();
        foreach (var profile in droppable)
        {
            _byAgent.Remove(profile.AgentId);
        }

        _lately.Clear();
    }

    private AgentProfile? Read(string agentId)
    {
        if (!saved.TryRead(new StateKey(StateKind.Profile, agentId), out var bytes))
        {
            return null;
        }

        var reader = new MemoryReader(bytes.Span);
        return AgentProfile.Load(agentId, setup, ref reader);
    }
}
