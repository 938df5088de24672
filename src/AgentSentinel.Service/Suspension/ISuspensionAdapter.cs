using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Suspension;

/// <summary>
/// A way to suspend and to lift. One file here and one registration in <see cref="SuspensionAdapters"/>; the outbox and the dispatcher bring each order
/// to it at least once, one at a time per agent, until it succeeds or is given up.
/// </summary>
internal interface ISuspensionAdapter : IDisposable
{
    /// <summary>Unique and stable: it stands in the rows of the outbox.</summary>
    string Name { get; }

    /// <summary>The order as a message to this receiver, or null when it cannot carry the order out, as for an agent it does not know.</summary>
    OutboxMessage? MessageOf(SuspensionOrder order);

    /// <summary>
    /// Makes one attempt to carry it out. Idempotent: the same message may come again after it succeeded. "Delivered" only when nothing that was read
    /// back says otherwise. Throws only when cancelled; whatever the network does is an outcome.
    /// </summary>
    Task<AttemptOutcome> ExecuteAsync(OutboxMessage message, CancellationToken cancellationToken);
}
