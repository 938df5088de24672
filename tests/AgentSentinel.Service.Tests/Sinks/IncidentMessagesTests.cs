using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Sinks;

public sealed class IncidentMessagesTests : IDisposable
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SentinelMeters _meters;
    private readonly FakeTimeProvider _time = new(HostileAlert.Time);
    private readonly StepChannel _channel = new();

    public IncidentMessagesTests() => _meters = new SentinelMeters(_services.GetRequiredService<IMeterFactory>());

    public void Dispose()
    {
        _meters.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_second_alert_of_an_incident_updates_the_message_of_the_first()
    {
        await using var messages = Messages();
        await messages.WriteAsync(HostileAlert.Of(AlertKind.Opened), Now);
        await _channel.NextAsync();
        await messages.WriteAsync(HostileAlert.Of(AlertKind.Closed, number: 1), Now);
        var (message, reference) = await _channel.NextAsync();
        Assert.Equal("ref-1", reference);
        Assert.True(message.IsClosed);
        Assert.Equal([AlertKind.Opened, AlertKind.Closed], message.Steps.Select(s => s.Kind));
    }

    [Fact]
    public async Task What_happens_while_a_message_waits_goes_into_that_message()
    {
        await using (var messages = Messages())
        {
            _channel.Hold();
            await messages.WriteAsync(Incident("other", AlertKind.Opened), Now);
            await _channel.NextAsync();
            for (var i = 0; i < 20; i++)
            {
                await messages.WriteAsync(HostileAlert.Of(AlertKind.Escalated, number: i), Now);
            }

            _channel.Release();
            var (message, _) = await _channel.NextAsync();
            Assert.Equal(20, message.Number);
            Assert.Equal(8, message.Steps.Count);
        }

        Assert.False(_channel.HasMore);
    }

    [Fact]
    public async Task The_pace_lets_some_through_at_once_and_then_one_per_interval()
    {
        var pace = new MessagePace(5, TimeSpan.FromSeconds(10), _time);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(pace.WaitAsync(Now).IsCompletedSuccessfully);
        }

        for (var i = 0; i < 3; i++)
        {
            var next = pace.WaitAsync(Now);
            _time.Advance(TimeSpan.FromSeconds(9.9));
            Assert.False(next.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(0.1));
            await next;
        }

        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(pace.WaitAsync(Now).IsCompletedSuccessfully);
        Assert.True(pace.WaitAsync(Now).IsCompletedSuccessfully);
        Assert.False(pace.WaitAsync(Now).IsCompleted);
    }

    [Fact]
    public async Task A_failure_that_may_pass_is_tried_again_with_what_came_meanwhile()
    {
        await using var messages = Messages();
        _channel.Hold();
        _channel.FailNext(new SinkException("http_503", isTransient: true));
        await messages.WriteAsync(HostileAlert.Of(AlertKind.Opened), Now);
        await _channel.NextAsync();
        await messages.WriteAsync(HostileAlert.Of(AlertKind.Escalated, number: 1), Now);
        _channel.Release();
        await _channel.UntilAsync(() => _time.Advance(TimeSpan.FromSeconds(1)));
        var (message, reference) = await _channel.NextAsync();
        Assert.Equal((2, null), (message.Number, reference));
    }

    [Fact]
    public async Task A_failure_that_is_final_costs_one_message_and_the_next_change_tells_all()
    {
        await using var messages = Messages();
        _channel.FailNext(new SinkException("http_400", isTransient: false));
        await messages.WriteAsync(HostileAlert.Of(AlertKind.Opened), Now);
        await _channel.NextAsync();
        await messages.WriteAsync(HostileAlert.Of(AlertKind.Escalated, number: 1), Now);
        var (message, reference) = await _channel.NextAsync();
        Assert.Equal((2, null), (message.Number, reference));
    }

    [Fact]
    public async Task Closing_sends_what_waits_without_pace()
    {
        await using (var messages = Messages(new SinkOptions { MessagesPerMinute = 1 }))
        {
            for (var i = 0; i < 12; i++)
            {
                await messages.WriteAsync(Incident($"inc_{i}", AlertKind.Opened), Now);
            }
        }

        Assert.Equal(12, _channel.Sent);
    }

    [Fact]
    public async Task A_test_returns_when_it_has_arrived_and_throws_when_it_has_not()
    {
        await using var messages = Messages();
        await messages.TestAsync(HostileAlert.Of(AlertKind.Opened), Now);
        await messages.TestAsync(HostileAlert.Of(AlertKind.Closed, number: 1), Now);
        Assert.Null((await _channel.NextAsync()).Reference);
        Assert.Equal("ref-1", (await _channel.NextAsync()).Reference);
        _channel.FailNext(new SinkException("http_400", isTransient: false));
        await Assert.ThrowsAsync<SinkException>(() => messages.TestAsync(HostileAlert.Of(AlertKind.Opened), Now));
    }

    private static Alert Incident(string id, AlertKind kind) => HostileAlert.Of(kind, Severity.High, id);

    private IncidentMessages Messages(SinkOptions? options = null) =>
        new(_channel, options ?? new SinkOptions(), _time, _meters, NullLogger<IncidentMessages>.Instance);

    /// <summary>Remembers what it is given; fails and waits as the test wants.</summary>
    private sealed class StepChannel : IMessageChannel
    {
        private readonly System.Threading.Channels.Channel<(IncidentMessage, string?)> _seen = System.Threading.Channels.Channel.CreateUnbounded<(IncidentMessage, string?)>();
        private readonly ConcurrentQueue<Exception> _failures = new();
        private TaskCompletionSource _isFree = Free();

        public string Name => "steps";

        public int Sent { get; private set; }

        public bool HasMore => _seen.Reader.TryPeek(out _);

        public void Hold() => _isFree = new TaskCompletionSource();

        public void Release() => _isFree.SetResult();

        public void FailNext(Exception error) => _failures.Enqueue(error);

        public async Task<(IncidentMessage Message, string? Reference)> NextAsync() => await _seen.Reader.ReadAsync(Now);

        /// <summary>Does something again and again until a message comes: a clock of the tests moves timers only when it is advanced after they were set.</summary>
        public async Task UntilAsync(Action again)
        {
            while (!HasMore)
            {
                again();
                for (var i = 0; i < 200 && !HasMore; i++)
                {
                    await Task.Yield();
                }
            }
        }

        public async Task<string?> SendAsync(IncidentMessage message, string? reference, CancellationToken cancellationToken)
        {
            Sent++;
            _seen.Writer.TryWrite((message, reference));
            await _isFree.Task;
            return _failures.TryDequeue(out var error) ? throw error : reference ?? $"ref-{Sent}";
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static TaskCompletionSource Free()
        {
            var free = new TaskCompletionSource();
            free.SetResult();
            return free;
        }
    }
}
