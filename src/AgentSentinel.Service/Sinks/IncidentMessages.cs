using System.Threading.Channels;
using AgentSentinel.Core.Incidents;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Sinks;

/// <summary>
/// Alerts for a channel that people read: one message per incident, at a pace that people and the channel bear. What happens to an incident
/// while its message waits goes into that message, so the last state is told however many alerts there were.
/// </summary>
internal sealed partial class IncidentMessages : IAlertSink
{
    private const int Burst = 5;
    private const int MostIncidents = 1_000;

    private readonly IMessageChannel _channel;
    private readonly SinkOptions _options;
    private readonly TimeProvider _time;
    private readonly SentinelMeters _meters;
    private readonly ILogger<IncidentMessages> _log;
    private readonly MessagePace _pace;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<string> _waiting;
    private readonly Task _loop;

    // Under the gate: what is known of each incident, the least recently told first.
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, Entry> _incidents = [];

    public IncidentMessages(IMessageChannel channel, SinkOptions options, TimeProvider time, SentinelMeters meters, ILogger<IncidentMessages> log)
    {
        _channel = channel;
        _options = options;
        _time = time;
        _meters = meters;
        _log = log;
        _pace = new MessagePace(Burst, TimeSpan.FromMinutes(1) / options.MessagesPerMinute, time);
        _waiting = Channel.CreateBounded<string>(
            new BoundedChannelOptions(options.QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, Drop);
        _loop = Task.Run(RunAsync);
    }

    public string Name => _channel.Name;

    public Task WriteAsync(Alert alert, CancellationToken cancellationToken)
    {
        var key = IncidentMessage.KeyOf(alert);
        bool isNew;
        lock (_gate)
        {
            var known = _incidents.GetValueOrDefault(key);
            _incidents.Remove(key);
            isNew = known is not { IsWaiting: true };
            _incidents.Add(key, new Entry(known?.Message.With(alert) ?? IncidentMessage.Of(alert), known?.Reference, known?.Told ?? 0, IsWaiting: true));
            Forget();
        }

        // Outside of the gate: a full queue drops the oldest, and what is dropped takes the gate.
        if (isNew)
        {
            _waiting.Writer.TryWrite(key);
        }

        return Task.CompletedTask;
    }

    public async Task TestAsync(Alert alert, CancellationToken cancellationToken)
    {
        var key = IncidentMessage.KeyOf(alert);
        Entry? known;
        lock (_gate)
        {
            known = _incidents.GetValueOrDefault(key);
        }

        var message = known?.Message.With(alert) ?? IncidentMessage.Of(alert);
        var reference = await _channel.SendAsync(message, known?.Reference, cancellationToken);
        lock (_gate)
        {
            _incidents[key] = new Entry(message, reference, message.Number, IsWaiting: false);
        }
    }

    /// <summary>Sends what waits, without pace and without second attempts, then closes the channel.</summary>
    public async ValueTask DisposeAsync()
    {
        // The line's sinks are closed by whoever drives them, and again by the container.
        if (_loop.IsCompleted)
        {
            return;
        }

        await _closing.CancelAsync();
        _waiting.Writer.TryComplete();
        await _loop;
        await _channel.DisposeAsync();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var key in _waiting.Reader.ReadAllAsync())
        {
            await _pace.WaitAsync(_closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await SendAsync(key);
        }
    }

    private async Task SendAsync(string key)
    {
        for (var attempts = 1; Take(key) is { } entry; attempts++)
        {
            using var limit = new CancellationTokenSource(_options.Timeout, _time);
            try
            {
                Sent(key, entry, await _channel.SendAsync(entry.Message, entry.Reference, limit.Token));
                _meters.SinkDelivered(Name);
                return;
            }
            catch (Exception error)
            {
                // A sink's catch-all: whatever a channel throws stays with that channel.
                if (SinkRetry.After(error, attempts) is not { } wait || _closing.IsCancellationRequested)
                {
                    _meters.SinkFailed(Name, (error as SinkException)?.Reason ?? "error");
                    MessageFailed(_log, Name, entry.Message.Latest.Id, error);
                    return;
                }

                await Task.Delay(wait, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>
    /// The incident as it stands now, with all that came while it waited; null when there is nothing new to tell, as after a second attempt
    /// that told of what was queued meanwhile. From here on a further alert is a further message.
    /// </summary>
    private Entry? Take(string key)
    {
        lock (_gate)
        {
            if (!_incidents.TryGetValue(key, out var entry) || entry.Told == entry.Message.Number)
            {
                return null;
            }

            return _incidents[key] = entry with { IsWaiting = false };
        }
    }

    private void Sent(string key, Entry sent, string? reference)
    {
        lock (_gate)
        {
            if (_incidents.TryGetValue(key, out var entry))
            {
                _incidents[key] = entry with { Reference = reference, Told = sent.Message.Number };
            }
        }
    }

    private void Drop(string key)
    {
        lock (_gate)
        {
            if (_incidents.TryGetValue(key, out var entry))
            {
                _incidents[key] = entry with { IsWaiting = false };
            }
        }

        _meters.SinkFailed(Name, "queue_full");
    }

    // An incident that is forgotten and goes on gets a new message: no harm.
    private void Forget()
    {
        for (var i = 0; _incidents.Count > MostIncidents && i < _incidents.Count; i++)
        {
            if (!_incidents.GetAt(i).Value.IsWaiting)
            {
                _incidents.RemoveAt(i--);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sink {Sink} could not take the message of alert {AlertId}.")]
    private static partial void MessageFailed(ILogger log, string sink, string alertId, Exception error);

    // Told: the number of the message that was sent last; 0: none yet.
    private sealed record Entry(IncidentMessage Message, string? Reference, int Told, bool IsWaiting);
}
