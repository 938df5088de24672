using System.Threading.Channels;
using AgentSentinel.Core.Incidents;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Sinks;

/// <summary>
/// Hands each alert to every sink. Each sink has a queue and a loop of its own, so that none waits for another and the line waits for none.
/// </summary>
internal sealed partial class AlertSinks : IAsyncDisposable
{
    private readonly List<(IAlertSink Sink, Channel<Alert> Queue, Task Loop)> _lanes = [];
    private readonly SinkOptions _options;
    private readonly TimeProvider _time;
    private readonly SentinelMeters _meters;
    private readonly ILogger<AlertSinks> _log;
    private readonly CancellationTokenSource _closing = new();

    public AlertSinks(IEnumerable<IAlertSink> sinks, SinkOptions options, TimeProvider time, SentinelMeters meters, ILogger<AlertSinks> log)
    {
        _options = options;
        _time = time;
        _meters = meters;
        _log = log;
        foreach (var sink in sinks)
        {
            var queue = Channel.CreateBounded<Alert>(
                new BoundedChannelOptions(options.QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
                _ => _meters.SinkFailed(sink.Name, "queue_full"));
            _lanes.Add((sink, queue, Task.Run(() => RunAsync(sink, queue.Reader))));
        }
    }

    /// <summary>Queues an alert for every sink. Never waits.</summary>
    public void Offer(Alert alert)
    {
        foreach (var (_, queue, _) in _lanes)
        {
            queue.Writer.TryWrite(alert);
        }
    }

    /// <summary>Lets the sinks finish what is queued, without waiting for those that fail to recover, then closes them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        foreach (var (_, queue, _) in _lanes)
        {
            queue.Writer.TryComplete();
        }

        foreach (var (sink, _, loop) in _lanes)
        {
            await loop;
            await sink.DisposeAsync();
        }

        _lanes.Clear();
        _closing.Dispose();
    }

    private async Task RunAsync(IAlertSink sink, ChannelReader<Alert> queue)
    {
        await foreach (var alert in queue.ReadAllAsync())
        {
            await WriteAsync(sink, alert);
        }
    }

    private async Task WriteAsync(IAlertSink sink, Alert alert)
    {
        for (var attempts = 1; ; attempts++)
        {
            using var limit = new CancellationTokenSource(_options.Timeout, _time);
            try
            {
                await sink.WriteAsync(alert, limit.Token);
                if (sink is not IncidentMessages)
                {
                    // Those have only taken it in; they count what they have sent.
                    _meters.SinkDelivered(sink.Name);
                }

                return;
            }
            catch (Exception error)
            {
                // One of the two catch-alls of the product: whatever a sink throws stays with that sink.
                if (SinkRetry.After(error, attempts) is not { } wait || _closing.IsCancellationRequested)
                {
                    _meters.SinkFailed(sink.Name, (error as SinkException)?.Reason ?? "error");
                    SinkFailed(_log, sink.Name, alert.Id, error);
                    return;
                }

                await Task.Delay(wait, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sink {Sink} could not take alert {AlertId}.")]
    private static partial void SinkFailed(ILogger log, string sink, string alertId, Exception error);
}
