using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Suspension;

/// <summary>
/// Tells the listener what the outbox owes the journal, one report at a time, and marks it once the listener has returned. Apart from the
/// sending on purpose: a journal that is down must not keep an order from going out. Owned by the dispatcher.
/// </summary>
internal sealed partial class DeliveryReporter(Outbox outbox, IDeliveryListener listener, TimeSpan keepReported, TimeProvider time, ILogger logger) : IDisposable
{
    private const int BatchSize = 32;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ListenerTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(10);

    private readonly Alarm _alarm = new(time);
    private DateTimeOffset _pruneAt = time.GetUtcNow();

    public void Wake() => _alarm.Ring();

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var now = time.GetUtcNow();
            try
            {
                // A message may owe a second report once the first is made; one that fails is put off, so this comes to an end.
                while (outbox.OwedReports(now, BatchSize) is { Count: > 0 } reports)
                {
                    foreach (var report in reports)
                    {
                        await TellAsync(report, stopping);
                    }

                    now = time.GetUtcNow();
                }

                Prune(now);
                var next = outbox.NextReport(now);
                _alarm.SetFor(next < _pruneAt ? next.Value : _pruneAt);
            }
            catch (SqliteException e)
            {
                OutboxUnavailable(logger, e);
                _alarm.SetFor(now + RetryAfter);
            }

            await _alarm.WaitAsync(stopping);
        }
    }

    public void Dispose() => _alarm.Dispose();

    private async Task TellAsync(OwedReport report, CancellationToken stopping)
    {
        try
        {
            using var limit = new CancellationTokenSource(ListenerTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
            await (report switch
            {
                { IsEscalation: true } => listener.OnEscalateAsync(report.Message, report.Outcome, either.Token),
                { Message.State: OutboxState.Delivered } => listener.OnDeliveredAsync(report.Message, report.Outcome, either.Token),
                _ => listener.OnUndeliverableAsync(report.Message, report.Outcome, either.Token),
            });
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) // the listener is a sink: whatever it throws, the report is still owed and is made again
        {
            outbox.PostponeReport(report, time.GetUtcNow() + RetryAfter);
            ReportFailed(logger, report.Message.Id, RetryAfter, e);
            return;
        }

        outbox.Reported(report, time.GetUtcNow());
    }

    private void Prune(DateTimeOffset now)
    {
        if (now >= _pruneAt)
        {
            outbox.Prune(now - keepReported);
            _pruneAt = now + PruneEvery;
        }
    }

    [LoggerMessage(EventName = nameof(ReportFailed), Level = LogLevel.Warning, Message = "The outcome of order {OrderId} could not be reported; it is tried again in {RetryAfter}.")]
    private static partial void ReportFailed(ILogger logger, string orderId, TimeSpan retryAfter, Exception exception);

    [LoggerMessage(EventName = nameof(OutboxUnavailable), Level = LogLevel.Error, Message = "The outbox cannot be read or written; reports wait.")]
    private static partial void OutboxUnavailable(ILogger logger, Exception exception);
}
