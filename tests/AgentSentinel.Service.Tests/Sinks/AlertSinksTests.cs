using System.Diagnostics.Metrics;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Tests.Suspension;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSentinel.Service.Tests.Sinks;

public sealed class AlertSinksTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SentinelMeters _meters;

    public AlertSinksTests() => _meters = new SentinelMeters(_services.GetRequiredService<IMeterFactory>());

    public void Dispose()
    {
        _meters.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_sink_that_fails_costs_its_own_alerts_and_nobody_elses()
    {
        var good = new RecordingSink();
        var bad = new RecordingSink((_, _) => throw new IOException("disk full"));
        await using (var sinks = Sinks(new SinkOptions(), bad, good))
        {
            Offer(sinks, 3);
        }

        Assert.Equal(["inc_1-0", "inc_1-1", "inc_1-2"], good.Taken);
        Assert.Empty(bad.Taken);
    }

    [Fact]
    public async Task A_sink_that_hangs_is_cut_off_and_goes_on_with_the_next_alert()
    {
        var hanging = new RecordingSink((alert, ct) => alert.Id == "inc_1-0" ? Task.Delay(Timeout.Infinite, ct) : Task.CompletedTask);
        await using (var sinks = Sinks(new SinkOptions { Timeout = TimeSpan.FromMilliseconds(50) }, hanging))
        {
            Offer(sinks, 2);
        }

        Assert.Equal(["inc_1-1"], hanging.Taken);
    }

    [Fact]
    public async Task A_full_queue_drops_the_oldest_and_counts_it()
    {
        var lost = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>() && instrument.Name == "sentinel.sink.failures")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref lost, value));
        listener.Start();

        var isBusy = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var slow = new RecordingSink(async (_, _) =>
        {
            isBusy.TrySetResult();
            await goOn.Task;
        });
        await using (var sinks = Sinks(new SinkOptions { QueueLength = 2 }, slow))
        {
            sinks.Offer(SomeAlert.Numbered(0));
            await isBusy.Task;
            Offer(sinks, 5, from: 1);
            goOn.SetResult();
        }

        Assert.Equal(["inc_1-0", "inc_1-4", "inc_1-5"], slow.Taken);
        Assert.Equal(3, Interlocked.Read(ref lost));
    }

    [Fact]
    public async Task The_file_sink_appends_one_object_a_line_whatever_the_agent_is_called()
    {
        using var file = new TemporaryFile();
        await using (var sink = new FileSink(file.Path))
        {
            await sink.WriteAsync(SomeAlert.Numbered(0, "a\nb\"\u2028</script>"), TestContext.Current.CancellationToken);
            await sink.WriteAsync(SomeAlert.Numbered(1), TestContext.Current.CancellationToken);
        }

        var lines = await File.ReadAllLinesAsync(file.Path, TestContext.Current.CancellationToken);
        Assert.Equal(2, lines.Length);
        Assert.Equal(System.Text.Encoding.UTF8.GetString(JournalJson.Write(SomeAlert.Numbered(1))), lines[1]);
    }

    private static void Offer(AlertSinks sinks, int count, int from = 0)
    {
        for (var i = 0; i < count; i++)
        {
            sinks.Offer(SomeAlert.Numbered(from + i));
        }
    }

    private AlertSinks Sinks(SinkOptions options, params IAlertSink[] sinks) => new(sinks, options, TimeProvider.System, _meters, NullLogger<AlertSinks>.Instance);
}
