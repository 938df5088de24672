using AgentSentinel.Core.Detection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.History;

/// <summary>One writer with its queue and its loop. A writer that is not there is tried again, ever more seldom; meanwhile the queue drops its oldest.</summary>
internal sealed partial class WindowLane : IAsyncDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    // What a server may ask for at most: a hostile or broken one must not switch the charts off for a day.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ForTheEnd = TimeSpan.FromSeconds(5);

    private readonly IWindowWriter _writer;
    private readonly HistoryOptions _options;
    private readonly TimeProvider _time;
    private readonly SentinelMeters _meters;
    private readonly ILogger _log;
    private readonly WindowQueue _queue;
    private readonly WindowValue[] _batch;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _loop;

    public WindowLane(IWindowWriter writer, HistoryOptions options, int batchPoints, TimeProvider time, SentinelMeters meters, ILogger log)
    {
        _writer = writer;
        _options = options;
        _time = time;
        _meters = meters;
        _log = log;
        _queue = new WindowQueue(options.QueueLength);
        _batch = new WindowValue[batchPoints];
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Points in the queue.</summary>
    public int Waiting => _queue.Count;

    public void Offer(ReadOnlySpan<WindowValue> values) => _meters.HistoryPoints(_writer.Name, "dropped", _queue.Offer(values));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _ended.CancelAfter(ForTheEnd);
        await _loop;
        await _writer.DisposeAsync();
        _queue.Dispose();
        _stopping.Dispose();
        _ended.Dispose();
    }

    private async Task RunAsync()
    {
        do
        {
            try
            {
                await _queue.WaitAsync(_batch.Length, _options.FlushInterval, _time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                // Stopping: what is queued is still written.
            }

            await DrainAsync();
        }
        while (!_stopping.IsCancellationRequested || (_queue.Count > 0 && !_ended.IsCancellationRequested));

        _meters.HistoryPoints(_writer.Name, "dropped", _queue.Count);
    }

    private async Task DrainAsync()
    {
        int taken;
        while (!_ended.IsCancellationRequested && (taken = _queue.Take(_batch)) > 0)
        {
            await WriteAsync(taken);
            Array.Clear(_batch, 0, taken);
        }
    }

    private async Task WriteAsync(int points)
    {
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                var result = await _writer.WriteAsync(_batch.AsMemory(0, points), _ended.Token);
                _meters.HistoryPoints(_writer.Name, "written", points - result.Rejected);
                _meters.HistoryPoints(_writer.Name, "rejected", result.Rejected);
                if (result.Reason is { } reason)
                {
                    Rejected(_log, _writer.Name, result.Rejected, points, reason);
                }

                return;
            }
            catch (WindowWriterUnavailableException error)
            {
                _meters.HistoryRetried(_writer.Name);
                Unavailable(_log, _writer.Name, error.Message, _queue.Count);
                var asked = error.RetryAfter is { } retry ? (retry < LongestRetryAfter ? retry : LongestRetryAfter) : TimeSpan.Zero;
                if (await PauseAsync(asked > wait ? asked : wait))
                {
                    continue;
                }
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                // No time left.
            }
            catch (Exception error)
            {
                // Like the one around a sink: whatever a writer throws stays with that writer.
                Failed(_log, _writer.Name, points, error);
                _meters.HistoryPoints(_writer.Name, "failed", points);
                return;
            }

            _meters.HistoryPoints(_writer.Name, "dropped", points);
            return;
        }
    }

    /// <summary>False when there is no time left to wait.</summary>
    private async Task<bool> PauseAsync(TimeSpan wait)
    {
        // A stop cuts the wait short once: the last tries follow at the shortest distance.
        if (_stopping.IsCancellationRequested)
        {
            wait = FirstWait;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, _stopping.IsCancellationRequested ? _ended.Token : _stopping.Token);
        await Task.Delay(wait, _time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_ended.IsCancellationRequested;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Writer} rejected {Rejected} of {Points} points: {Reason}.")]
    private static partial void Rejected(ILogger log, string writer, int rejected, int points, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Writer} cannot take points now ({Reason}); {Waiting} are waiting.")]
    private static partial void Unavailable(ILogger log, string writer, string reason, int waiting);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Writer} failed; {Points} points are lost.")]
    private static partial void Failed(ILogger log, string writer, int points, Exception error);
}
