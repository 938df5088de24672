using System.Threading.Channels;
using AgentSentinel.Service.Suspension;

namespace AgentSentinel.Service.Tests.Suspension;

/// <summary>Writes down what it is told; fails as often as it is asked to, after having written it down.</summary>
internal sealed class RecordingListener : IDeliveryListener
{
    private readonly Channel<Report> _reports = Channel.CreateUnbounded<Report>();
    private int _failuresLeft;

    public List<Report> Seen { get; } = [];

    public void FailNext(int times) => Volatile.Write(ref _failuresLeft, times);

    /// <summary>Each report is returned once, in the order they came.</summary>
    public async Task<Report> NextAsync()
    {
        var report = await _reports.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Seen.Add(report);
        return report;
    }

    public bool HasMore => _reports.Reader.TryPeek(out _);

    public Task OnDeliveredAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken) => Record("delivered", message, outcome);

    public Task OnEscalateAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken) => Record("escalate", message, outcome);

    public Task OnUndeliverableAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken) => Record("undeliverable", message, outcome);

    private Task Record(string what, OutboxMessage message, AttemptOutcome outcome)
    {
        _reports.Writer.TryWrite(new Report(what, message, outcome));
        return Interlocked.Decrement(ref _failuresLeft) >= 0 ? Task.FromException(new IOException("The journal is away.")) : Task.CompletedTask;
    }

    internal sealed record Report(string What, OutboxMessage Message, AttemptOutcome Outcome);
}
