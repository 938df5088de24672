using AgentSentinel.Core.Detection;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Tests.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSentinel.Service.Tests.History;

public sealed class WindowHistoryTests : IDisposable
{
    private readonly CountedMeters _meters = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task What_is_offered_arrives_in_order_also_when_it_stops()
    {
        var writer = new RecordingWriter();
        await using (var history = History(new HistoryOptions { FlushInterval = TimeSpan.FromMinutes(1) }, writer))
        {
            Offer(history, 0, 250);
        }

        Assert.Equal(Enumerable.Range(0, 250), writer.Taken.Select(v => v.Calls));
        Assert.Equal((250, 0), (_meters.Points("written"), _meters.Points("dropped")));
    }

    [Fact]
    public async Task A_full_batch_is_written_without_waiting_for_the_clock()
    {
        var writer = new RecordingWriter();
        await using var history = History(new HistoryOptions { FlushInterval = TimeSpan.FromMinutes(1) }, writer);
        Offer(history, 0, 100);
        await Eventually.IsTrue(() => writer.Taken.Count == 100);
    }

    [Fact]
    public async Task A_writer_that_hangs_holds_up_nobody_and_its_queue_drops_the_oldest_and_counts_them()
    {
        var held = new TaskCompletionSource<WindowWriteResult>();
        var begun = new TaskCompletionSource();
        var (hanging, good) = (new RecordingWriter((_, _) => { begun.TrySetResult(); return held.Task; }), new RecordingWriter(name: "good"));
        await using (var history = History(new HistoryOptions { QueueLength = 1_000, FlushInterval = TimeSpan.FromMilliseconds(10) }, hanging, good))
        {
            Offer(history, 0, 10);
            await begun.Task;
            await Eventually.IsTrue(() => good.Taken.Count == 10);
            for (var i = 10; i < 5_010; i += 100)
            {
                Offer(history, i, 100);
                await Eventually.IsTrue(() => good.Taken.Count == i + 100);
            }

            held.SetResult(default);
        }

        // The ten in hand, and the newest thousand.
        Assert.Equal(Enumerable.Range(0, 10).Concat(Enumerable.Range(4_010, 1_000)), hanging.Taken.Select(v => v.Calls));
        Assert.Equal(5_010, good.Taken.Count);
        Assert.Equal(4_000, _meters.Points("dropped"));
        Assert.Equal(2 * 5_010, _meters.Points("dropped") + _meters.Points("written"));
    }

    [Fact]
    public async Task A_writer_that_is_not_there_is_tried_again_with_the_same_batch()
    {
        var writer = new RecordingWriter((batch, _) => batch < 2 ? throw new WindowWriterUnavailableException("gone", TimeSpan.FromMilliseconds(1)) : Task.FromResult(default(WindowWriteResult)));
        await using (var history = History(new HistoryOptions { FlushInterval = TimeSpan.FromMilliseconds(10) }, writer))
        {
            Offer(history, 0, 50);
        }

        Assert.Equal(Enumerable.Range(0, 50), writer.Taken.Select(v => v.Calls));
        Assert.Equal(2, _meters.Retries);
    }

    [Fact]
    public async Task A_writer_that_throws_costs_that_batch_alone()
    {
        var writer = new RecordingWriter((batch, _) => batch == 0 ? throw new InvalidOperationException("a bug") : Task.FromResult(new WindowWriteResult(3, "odd")));
        await using (var history = History(new HistoryOptions(), writer))
        {
            Offer(history, 0, 200);
        }

        Assert.Equal((100, 97, 3), (_meters.Points("failed"), _meters.Points("written"), _meters.Points("rejected")));
    }

    [Fact]
    public void More_than_a_queue_can_hold_leaves_the_newest()
    {
        using var queue = new WindowQueue(100);
        Assert.Equal(0, queue.Offer(Values(0, 60)));
        Assert.Equal(210, queue.Offer(Values(60, 250)));
        var taken = new WindowValue[200];
        Assert.Equal(100, queue.Take(taken));
        Assert.Equal(Enumerable.Range(210, 100), taken.Take(100).Select(v => v.Calls));
    }

    [Fact]
    public void A_queue_keeps_order_whatever_is_offered_and_taken()
    {
        var random = new Random(5);
        using var queue = new WindowQueue(5_000);
        var (offered, expected) = (0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            var count = random.Next(40);
            Assert.Equal(0, queue.Offer(Values(offered, count)));
            offered += count;
            var taken = new WindowValue[random.Next(60)];
            foreach (var value in taken.Take(queue.Take(taken)))
            {
                Assert.Equal(expected++, value.Calls);
            }
        }

        Assert.Equal(offered - expected, queue.Count);
    }

    private WindowHistory History(HistoryOptions options, params IWindowWriter[] writers) =>
        new(writers, options, 100, TimeProvider.System, _meters.Meters, NullLogger<WindowHistory>.Instance);

    private static void Offer(WindowHistory history, int from, int count) => history.Offer(Values(from, count));

    private static WindowValue[] Values(int from, int count) => [.. Enumerable.Range(from, count).Select(i => SomeWindow.Agent(calls: i))];
}
