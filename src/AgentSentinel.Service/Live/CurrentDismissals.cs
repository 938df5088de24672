using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Live;

/// <summary>What people found harmless, as far as the journal was read, on every instance. Written by the follower of the journal; any thread may ask.</summary>
internal sealed class CurrentDismissals
{
    private volatile IReadOnlyList<Dismissal>? _latest;

    /// <summary>The latest of each agent, in order of time; null before the journal was read to its end.</summary>
    public IReadOnlyList<Dismissal>? Latest => _latest;

    /// <summary>Takes over what the journal says.</summary>
    public void Tell(IReadOnlyList<Dismissal> dismissals) => _latest = dismissals;
}
