using System.Text;
using AgentSentinel.Core.Detection;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Influx;
using AgentSentinel.Service.Tests.History;
using AgentSentinel.Service.Tests.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSentinel.Service.Tests.Influx;

/// <summary>Against InfluxDB 1, as it comes with the system.</summary>
public sealed class InfluxDbTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_written_is_read_back_hostile_texts_included()
    {
        await using var server = await TimeSeriesServer.StartInfluxDbAsync();
        using var client = await ConnectAsync(server);
        await using var writer = new InfluxWindowWriter(client);
        string[] hostile = ["plain", "with space", "a,b=c", "quo\"te", @"C:\data", @"end\", "line\nfeed", "<img src=x onerror=alert(1)>", "'; DROP MEASUREMENT x", "ünï😀", new string('x', 256), "other"];
        WindowValue[] values =
        [
            SomeWindow.Agent(score: 4.25, expected: new ExpectedRange(0.5, 9.75)),
            SomeWindow.Agent(minute: 1),
            .. hostile.Select((name, i) => SomeWindow.Tool(name, agent: name, calls: i + 1)),
            SomeWindow.Tool(WindowValue.Rest, "other", calls: 99) with { IsRest = true },
        ];
        Assert.Equal(default, await writer.WriteAsync(values, Cancellation));

        var agent = Assert.Single(await client.QueryAsync("SELECT * FROM agent_calls", Cancellation));
        var first = agent.Columns.Zip(agent.Rows[0]).ToDictionary(p => p.First, p => p.Second);
        Assert.Equal(2, agent.Rows.Count);
        Assert.Equal(1_772_442_000_000_000_000L, first["time"]);
        Assert.Equal((3L, 2048.5, 0.5, 9.75, 4.25), (first["calls"], first["bytes"], first["expected_low"], first["expected_high"], first["score"]));
        Assert.Null(agent.Columns.Zip(agent.Rows[1]).Single(p => p.First == "expected_low").Second);

        var tools = await client.QueryAsync("SELECT calls FROM tool_calls GROUP BY agent_id, tool", Cancellation);
        var read = tools.ToDictionary(s => s.Tags["tool"], s => s.Rows.Single()[1]);
        Assert.Equal(hostile.Length + 1, read.Count);
        foreach (var (name, i) in hostile.Select((name, i) => (name, i)))
        {
            var expected = name switch { "line\nfeed" => "line\uFFFDfeed", @"end\" => "end＼", "other" => "\"other\"", _ => name };
            Assert.Equal((long)i + 1, read[expected]);
        }

        Assert.Equal(99L, read["other"]);
        var quoted = await client.QueryAsync($"SELECT calls FROM tool_calls WHERE agent_id = {InfluxClient.Quote("'; DROP MEASUREMENT x")}", Cancellation);
        Assert.Equal(9L, Assert.Single(quoted).Rows.Single()[1]);
    }

    [Fact]
    public async Task Of_a_batch_with_bad_lines_the_good_ones_are_stored_and_the_bad_ones_counted()
    {
        await using var server = await TimeSeriesServer.StartInfluxDbAsync();
        using var client = await ConnectAsync(server);
        var unreadable = await client.WriteAsync("m x=1i 1\nbad line\nm x=2i 2\nworse\n"u8.ToArray(), 4, Cancellation);
        Assert.Equal((InfluxWriteKind.Done, 2, "partial_write"), (unreadable.Kind, unreadable.Rejected, unreadable.Reason));
        var otherType = await client.WriteAsync("m x=1.5 3\nm y=1 4\n"u8.ToArray(), 2, Cancellation);
        Assert.Equal((InfluxWriteKind.Done, 1), (otherType.Kind, otherType.Rejected));
        var all = await client.WriteAsync("bad line\nworse\n"u8.ToArray(), 2, Cancellation);
        Assert.Equal((InfluxWriteKind.Done, 2), (all.Kind, all.Rejected));
        Assert.Equal([1L, 2L, 4L], Assert.Single(await client.QueryAsync("SELECT * FROM m", Cancellation)).Rows.Select(r => r[0]));
    }

    [Fact]
    public async Task A_database_that_is_not_there_rejects_everything_and_holds_nothing_up()
    {
        await using var server = await TimeSeriesServer.StartInfluxDbAsync();
        using var client = new InfluxClient(Options(server) with { Database = "nobody" }, TimeProvider.System);
        using var meters = new CountedMeters();
        await using (var history = History(client, new HistoryOptions(), meters))
        {
            history.Offer([SomeWindow.Agent(), SomeWindow.Tool("t")]);
        }

        Assert.Equal((2, 0, 0), (meters.Points("rejected"), meters.Points("written"), meters.Retries));
        var error = await Assert.ThrowsAsync<InfluxQueryException>(() => Query(server, "nobody"));
        Assert.Contains("database not found", error.Message, StringComparison.Ordinal);

        static async Task Query(TimeSeriesServer server, string database)
        {
            using var client = new InfluxClient(Options(server) with { Database = database }, TimeProvider.System);
            await client.QueryAsync("SELECT * FROM agent_calls", Cancellation);
        }
    }

    [Fact]
    public async Task A_crash_of_the_server_in_mid_write_costs_no_point()
    {
        await using var server = await TimeSeriesServer.StartInfluxDbAsync();
        using var client = await ConnectAsync(server);
        using var meters = new CountedMeters();
        await using (var history = History(client, new HistoryOptions { FlushInterval = TimeSpan.FromMilliseconds(10) }, meters))
        {
            for (var minute = 0; minute < 6_000; minute += 100)
            {
                history.Offer(Minutes(minute, 100));
                if (minute == 2_000)
                {
                    await Eventually.IsTrue(() => meters.Points("written") > 0);
                    await server.KillAsync();
                }

                if (minute == 4_000)
                {
                    await Eventually.IsTrue(() => meters.Retries > 0);
                    await server.StartAsync();
                }
            }

            await Eventually.IsTrue(() => meters.Points("written") == 6_000);
        }

        Assert.Equal((0, 0, 0), (meters.Points("dropped"), meters.Points("rejected"), meters.Points("failed")));
        Assert.Equal(Enumerable.Range(0, 6_000), await StoredAsync(server));
    }

    [Fact]
    public async Task When_it_is_down_for_longer_than_the_queue_lasts_only_what_the_queue_dropped_is_missing_and_that_is_counted()
    {
        await using var server = await TimeSeriesServer.StartInfluxDbAsync();
        using var client = await ConnectAsync(server);
        using var meters = new CountedMeters();
        await using (var history = History(client, new HistoryOptions { QueueLength = 1_000, FlushInterval = TimeSpan.FromMilliseconds(10) }, meters))
        {
            history.Offer(Minutes(0, 100));
            await Eventually.IsTrue(() => meters.Points("written") == 100);
            await server.KillAsync();
            history.Offer(Minutes(100, 10));
            await Eventually.IsTrue(() => meters.Retries > 0);
            for (var minute = 110; minute < 10_000; minute += 10)
            {
                history.Offer(Minutes(minute, 10));
            }

            await server.StartAsync();
            await Eventually.IsTrue(() => meters.Points("written") + meters.Points("dropped") == 10_000);
        }

        var stored = await StoredAsync(server);
        Assert.Equal(meters.Points("written"), stored.Count);
        Assert.Equal(10_000 - 100 - 10 - 1_000, meters.Points("dropped"));
        Assert.Equal(Enumerable.Range(0, 110).Concat(Enumerable.Range(9_000, 1_000)), stored);
    }

    private static async Task<List<int>> StoredAsync(TimeSeriesServer server)
    {
        using var client = new InfluxClient(Options(server), TimeProvider.System);
        var series = Assert.Single(await client.QueryAsync("SELECT calls FROM agent_calls", Cancellation));
        return [.. series.Rows.Select(r => (int)(((long)r[0]! - (SomeWindow.Monday.ToUnixTimeMilliseconds() * 1_000_000)) / 60_000_000_000))];
    }

    private static WindowValue[] Minutes(int from, int count) => [.. Enumerable.Range(from, count).Select(minute => SomeWindow.Agent(minute: minute))];

    private static WindowHistory History(InfluxClient client, HistoryOptions options, CountedMeters meters) =>
        new([new InfluxWindowWriter(client)], options, 500, TimeProvider.System, meters.Meters, NullLogger<WindowHistory>.Instance);

    private static InfluxOptions Options(TimeSeriesServer server) => new() { Url = server.Url, Dialect = InfluxDialect.V1 };

    private static async Task<InfluxClient> ConnectAsync(TimeSeriesServer server)
    {
        using var form = new StringContent("q=CREATE+DATABASE+agentsentinel", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var answer = await server.Http.PostAsync(new Uri(server.Url + "/query"), form, Cancellation);
        answer.EnsureSuccessStatusCode();
        return new InfluxClient(Options(server), TimeProvider.System);
    }
}
