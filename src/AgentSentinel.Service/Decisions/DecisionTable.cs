using AgentSentinel.Core;
using AgentSentinel.Service.Provenance;

namespace AgentSentinel.Service.Decisions;

/// <summary>
/// Answers whether an agent may act, from memory alone. Two write it: the response line, where this process has it, before it delivers an order; and the
/// follower of the journal, on every instance. Both fold the same log, so whoever is further ahead is right.
/// </summary>
internal sealed class DecisionTable(DecisionOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile DecisionSnapshot? _snapshot;
    private volatile TaskCompletionSource _changed = NewSignal();
    private long _confirmedAt = long.MinValue;

    /// <summary>Completes at the next change of what is in force. Take it before looking, so that none is missed.</summary>
    public Task Changed => _changed.Task;

    /// <summary>What is in force as far as is known; null before the journal was read.</summary>
    public DecisionSnapshot? Snapshot => _snapshot;

    /// <summary>Whether the journal was seen to hold nothing newer within <see cref="DecisionOptions.MaxAge"/>.</summary>
    public bool IsCurrent =>
        Volatile.Read(ref _confirmedAt) is var at && at != long.MinValue && time.GetElapsedTime(at) <= options.MaxAge;

    /// <summary>Answers one question.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="sessionId">The session in which it wants to act, or null.</param>
    /// <param name="credentialId">The credential that it uses, or null.</param>
    public DecisionAnswer Ask(string agentId, string? sessionId, string? credentialId)
    {
        var isCurrent = IsCurrent;
        return _snapshot?.Find(agentId, sessionId, credentialId) is { } denial ? (isCurrent ? denial.Current : denial.Stale)
            : isCurrent ? DecisionAnswer.Allowed
            : options.WhenStale == FailMode.Open ? DecisionAnswer.AllowedWhileStale
            : DecisionAnswer.DeniedWhileStale;
    }

    /// <summary>Answers with everything that is denied, for gateways that keep a table of their own.</summary>
    public DecisionAnswer AskForAll() => _snapshot?.All(IsCurrent) ?? DecisionAnswer.NothingKnown;

    /// <summary>Takes over what an engine has in force, unless somebody who was further ahead has spoken.</summary>
    /// <param name="engine">The engine, after it took every entry before <paramref name="nextOffset"/>. Called by its owner.</param>
    /// <param name="nextOffset">Offset of the journal entry that comes next.</param>
    public void Offer(ResponseEngine engine, long nextOffset)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_snapshot is { } known && known.NextOffset > nextOffset)
            {
                return;
            }

            _snapshot = DecisionSnapshot.Of(engine, nextOffset);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    /// <summary>The journal held nothing that the table does not know.</summary>
    /// <param name="at">Timestamp of the moment at which that was asked.</param>
    public void Confirm(long at) => Volatile.Write(ref _confirmedAt, at);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
