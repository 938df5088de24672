using AgentSentinel.Core.Response;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Suspension.Http;
using AgentSentinel.Service.Suspension.Ssf;

namespace AgentSentinel.Service.Suspension;

/// <summary>The ways to suspend that are configured. To add one: its file in this folder, its options, one line here.</summary>
internal sealed class SuspensionAdapters : IDisposable
{
    private readonly List<ISuspensionAdapter> _all = [];
    private readonly PriorStates _priorStates;

    /// <param name="options">Checked options.</param>
    /// <param name="path">File of the outbox, which also keeps the states that a lift restores.</param>
    /// <param name="time">The clock.</param>
    public SuspensionAdapters(SentinelOptions options, string path, TimeProvider time)
    {
        _priorStates = PriorStates.Open(path);
        try
        {
            AddAll(options, time);
        }
        catch
        {
            // A secret may have gone since the options were checked.
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<ISuspensionAdapter> All => _all;

    /// <summary>
    /// A message for each way that can carry the order out. When none can, the order stands in the outbox all the same: it fails there at once, and
    /// people are told.
    /// </summary>
    public IReadOnlyList<OutboxMessage> MessagesOf(SuspensionOrder order)
    {
        // Identity systems know the agent as a whole: taking all of it for one session would be more than was ordered.
        var able = order.Target.Kind == SuspensionTargetKind.Agent ? _all : _all.Where(adapter => adapter is WebhookAdapter);
        var messages = able.Select(adapter => adapter.MessageOf(order)).OfType<OutboxMessage>().ToArray();
        return messages.Length > 0 ? messages : [SuspensionWebhook.Of(order) with { Adapter = "" }];
    }

    public void Dispose()
    {
        _all.ForEach(adapter => adapter.Dispose());
        _priorStates.Dispose();
    }

    private void AddAll(SentinelOptions options, TimeProvider time)
    {
        if (options.Webhook.Url is not null)
        {
            _all.Add(new WebhookAdapter(options.Webhook, time));
        }

        _all.AddRange(options.Suspensions.Http.Select(o => new HttpAdapter($"http-{o.Key}", o.Value, _priorStates, time)));
        _all.AddRange(options.Suspensions.Ssf.Receivers.Select(o => new SsfAdapter($"ssf-{o.Key}", options.Suspensions.Ssf, o.Value, time)));
        _all.AddRange(options.Suspensions.TokenRevocation.Select(o => new TokenRevocationAdapter($"revocation-{o.Key}", o.Value, time)));
    }
}
