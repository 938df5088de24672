using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Suspension;

/// <summary>
/// Sends what the outbox holds until it has arrived or is given up. One loop decides, up to <see cref="MaxConcurrency"/> tasks send, and a
/// message is never with two of them. All that must survive is in the outbox: an attempt that a stop cuts short is not counted and is made
/// again. The receiver may therefore see a message twice, always under the same id.
/// </summary>
internal sealed partial class OrderDispatcher : IAsyncDisposable
{
    public const int MaxConcurrency = 8;

    // Rows of which nobody told us, and a wall clock that was set back, are noticed this late at worst.
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OutboxRetry = TimeSpan.FromSeconds(1);

    private readonly Outbox _outbox;
    private readonly Dictionary<string, ISuspensionAdapter> _adapters;
    private readonly DeliverySchedule _schedule;
    private readonly DeliveryReporter _reporter;
    private readonly TimeProvider _time;
    private readonly ILogger<OrderDispatcher> _logger;
    private readonly Alarm _alarm;
    private readonly CancellationTokenSource _stopping = new();

    // Owned by the loop. Tasks say that they are through by `finished`, which holds at most as many ids as there are tasks.
    private readonly Dictionary<string, Task> _inFlight = new(MaxConcurrency);
    private readonly ConcurrentQueue<string> _finished = new();

    private Task? _running;
    private bool _isDisposed;

    /// <summary>The outbox and the adapters stay the caller's to dispose, after this.</summary>
    public OrderDispatcher(
        Outbox outbox, IReadOnlyList<ISuspensionAdapter> adapters, IDeliveryListener listener, WebhookOptions options, TimeProvider time, ILogger<OrderDispatcher> logger)
    {
        _outbox = outbox;
        _adapters = adapters.ToDictionary(adapter => adapter.Name);
        _time = time;
        _logger = logger;
        _schedule = new DeliverySchedule(options);
        _reporter = new DeliveryReporter(outbox, listener, options.KeepReported, time, logger);
        _alarm = new Alarm(time);
    }

    /// <summary>Takes up what an earlier run left, unreported outcomes included. Returns a task that ends only when disposed, or fails on a bug.</summary>
    public Task Start()
    {
        if (_running is not null)
        {
            throw new InvalidOperationException("The dispatcher is running already.");
        }

        // Two loops, one fate: if either ends by a bug, the other is stopped, so that the owner sees it and starts anew.
        _running = Task.WhenAll(Task.Run(() => GuardAsync(RunAsync)), Task.Run(() => GuardAsync(_reporter.RunAsync)));
        return _running;
    }

    /// <summary>There may be something to send now. Call after the transaction that added it was committed. Any thread; never blocks.</summary>
    public void Wake() => _alarm.Ring();

    /// <summary>Sends a dead letter again from the start of the schedule. False when there is none by that id. Any thread.</summary>
    public bool Retry(string id)
    {
        var isRetried = _outbox.Retry(id, _time.GetUtcNow());
        Wake();
        return isRetried;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stopping.CancelAsync();
        if (_running is not null)
        {
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _reporter.Dispose();
        _alarm.Dispose();
        _stopping.Dispose();
    }

    private async Task GuardAsync(Func<CancellationToken, Task> loop)
    {
        try
        {
            await loop(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        finally
        {
            await _stopping.CancelAsync();
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                while (_finished.TryDequeue(out var id))
                {
                    // An attempt swallows what it expects; a bug ends the loop here, rather than sending the same message for ever.
                    if (_inFlight.Remove(id, out var attempt))
                    {
                        await attempt;
                    }
                }

                _alarm.SetFor(Launch(_time.GetUtcNow(), cancellationToken));
                await _alarm.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            await Task.WhenAll(_inFlight.Values);
        }
    }

    /// <summary>Starts an attempt for what is due, as far as there is room, and returns when to look again. An attempt that ends rings too.</summary>
    private DateTimeOffset Launch(DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            // Those in flight are still due in the outbox: twice the number holds enough others to fill every free place.
            foreach (var message in _inFlight.Count < MaxConcurrency ? _outbox.Due(now, 2 * MaxConcurrency) : [])
            {
                if (_inFlight.Count < MaxConcurrency && !_inFlight.ContainsKey(message.Id))
                {
                    _inFlight.Add(message.Id, AttemptAsync(message, cancellationToken));
                }
            }

            var next = _outbox.NextDue(now);
            return next < now + LongestIdle ? next.Value : now + LongestIdle;
        }
        catch (SqliteException e)
        {
            OutboxUnavailable(_logger, e);
            return now + OutboxRetry;
        }
    }

    private async Task AttemptAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await RecordAsync(message, await SendAsync(message, cancellationToken), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Not counted: whether it arrived is not known, and the next run sends it again.
        }
        finally
        {
            _finished.Enqueue(message.Id);
            _alarm.Ring();
        }
    }

    private async Task<AttemptOutcome> SendAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        try
        {
            return _adapters.TryGetValue(message.Adapter, out var adapter)
                ? await adapter.ExecuteAsync(message, cancellationToken)
                : new AttemptOutcome(AttemptKind.Final, null, message.Adapter.Length == 0 ? "no_adapter_for_agent" : "adapter_not_configured", TimeSpan.Zero);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // A bug met by one message must neither stop the orders of all others nor spin on this one: it counts as a failed attempt, so
            // that it waits its turn, escalates and ends before a person.
            SendBroke(_logger, message.Id, e);
            return new AttemptOutcome(AttemptKind.Failed, null, "internal_error", _time.GetElapsedTime(started));
        }
    }

    /// <summary>Repeats until the outbox has it: the message counts as in flight until then and is not sent again.</summary>
    private async Task RecordAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                Record(message, outcome, _time.GetUtcNow());
                return;
            }
            catch (SqliteException e)
            {
                OutboxUnavailable(_logger, e);
            }

            await Task.Delay(OutboxRetry, _time, cancellationToken);
        }
    }

    private void Record(OutboxMessage message, AttemptOutcome outcome, DateTimeOffset now)
    {
        if (outcome.Kind == AttemptKind.Delivered)
        {
            _outbox.Delivered(message, outcome, now);
            _reporter.Wake();
            Delivered(_logger, message.Id, message.Attempts + 1, outcome.Duration);
        }
        else if (_schedule.Next(message, outcome, now) is { } next)
        {
            _outbox.RecordAttempt(message, outcome, now, next, _schedule.IsEscalation(message));
            _reporter.Wake();
            AttemptFailed(_logger, message.Id, message.Attempts + 1, outcome.Reason, next);
        }
        else
        {
            _outbox.GaveUp(message, outcome, now, _schedule.IsEscalation(message));
            _reporter.Wake();
            GaveUp(_logger, message.Id, message.Attempts + 1, outcome.Reason);
        }
    }

    [LoggerMessage(EventName = nameof(Delivered), Level = LogLevel.Information, Message = "Order {OrderId} was delivered by attempt {Attempt} in {Duration}.")]
    private static partial void Delivered(ILogger logger, string orderId, int attempt, TimeSpan duration);

    [LoggerMessage(EventName = nameof(AttemptFailed), Level = LogLevel.Warning, Message = "Order {OrderId}, attempt {Attempt} failed: {Reason}; tried again at {NextAttemptAt}.")]
    private static partial void AttemptFailed(ILogger logger, string orderId, int attempt, string reason, DateTimeOffset nextAttemptAt);

    [LoggerMessage(EventName = nameof(GaveUp), Level = LogLevel.Error, Message = "Order {OrderId} is undeliverable after attempt {Attempt}: {Reason}.")]
    private static partial void GaveUp(ILogger logger, string orderId, int attempt, string reason);

    [LoggerMessage(EventName = nameof(SendBroke), Level = LogLevel.Error, Message = "Order {OrderId} could not be sent because of an error of our own.")]
    private static partial void SendBroke(ILogger logger, string orderId, Exception exception);

    [LoggerMessage(EventName = nameof(OutboxUnavailable), Level = LogLevel.Error, Message = "The outbox cannot be read or written.")]
    private static partial void OutboxUnavailable(ILogger logger, Exception exception);
}
