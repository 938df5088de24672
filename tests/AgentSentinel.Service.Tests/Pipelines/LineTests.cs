using System.Diagnostics.Metrics;
using System.Net.NetworkInformation;
using System.Text;
using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Live;
using AgentSentinel.Service.Pipelines;
using AgentSentinel.Service.Provenance;
using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Tests.Kafka;
using Confluent.Kafka;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Tests.Pipelines;

public sealed class LineTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    // A multiple of the kinds of hostile records; their dead letters fit into what the in-process broker keeps.
    private const int Good = 6_000;

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Refused_records_are_dead_letters_with_reason_and_position_and_the_good_ones_between_them_count()
    {
        await using var line = await RunningLine.StartAsync(cluster);
        var hostile = Hostile();
        var records = new List<(string, byte[])>();
        for (var i = 0; i < Good; i++)
        {
            records.Add(("agent", RunningLine.Call("agent", i, Start.AddSeconds(i))));
            records.Add(("agent", hostile[i % hostile.Count].Record));
        }

        await line.SendAsync(records);
        await line.SettleAsync();
        var letters = line.ReadAll(line.Options.Kafka.DeadLetterTopic);
        await line.StopServiceAsync();

        Assert.Equal(Good, EventsOf(line, "agent"));
        Assert.Equal(
            hostile.GroupBy(h => h.Reason).ToDictionary(g => g.Key, g => g.Count() * (Good / hostile.Count)),
            letters.GroupBy(l => Header(l, "sentinel.reason")).ToDictionary(g => g.Key, g => g.Count()));
        Assert.Equal(Good, letters.Select(l => Header(l, "sentinel.source.offset")).Distinct().Count());
        foreach (var letter in letters.Where((_, i) => i % 100 == 0))
        {
            var source = new TopicPartitionOffset(Header(letter, "sentinel.source.topic"), int.Parse(Header(letter, "sentinel.source.partition")), long.Parse(Header(letter, "sentinel.source.offset")));
            Assert.Equal(Read(source), letter.Message.Value);
        }
    }

    [Fact]
    public async Task A_burst_is_found_explained_suspended_and_confirmed()
    {
        await using var line = await RunningLine.StartAsync(cluster);
        await line.SendAsync(History("agent").Concat(Burst("agent")));
        var webhook = await line.NextWebhookAsync();
        Assert.True(webhook.SignatureValid);
        Assert.Equal(SuspensionWebhook.SuspendType, webhook.Type);
        Assert.Contains("\"agent_id\":\"agent\"", Encoding.UTF8.GetString(webhook.Body.Span), StringComparison.Ordinal);

        await RunningLine.WaitAsync(async () => (await File.ReadAllTextAsync(line.AlertFile, TestContext.Current.CancellationToken)).Contains("suspension_confirmed", StringComparison.Ordinal));
        var report = Journal(line).OfType<DeliveryReport>().Single();
        Assert.Equal((webhook.Id, DeliveryOutcome.Delivered), (report.MessageId, report.Outcome));
        var found = Journal(line).OfType<AnomalyFound>().First();
        Assert.StartsWith(line.Options.Kafka.ToolCallTopic, found.Source, StringComparison.Ordinal);

        await line.StopServiceAsync();
        var trail = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(line.CheckpointPath(0))!, "audit.jsonl"), TestContext.Current.CancellationToken);
        Assert.All((string[])["\"kind\":\"anomaly\"", "\"kind\":\"order\"", "\"kind\":\"delivery\""], kind => Assert.Contains(kind, trail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_of_another_producer_s_agent_goes_to_the_dead_letters_and_is_not_counted()
    {
        await using var line = await RunningLine.StartAsync(cluster, options => options with
        {
            Provenance = new ProvenanceOptions { Producers = { ["gateway-a"] = new ProducerOptions { Agents = ["a-*"] }, ["gateway-b"] = new ProducerOptions { Agents = ["b-*"] } } },
        });
        await line.SendAsync("a-1", RunningLine.Call("a-1", 1, Start), ("other", "x"), ("sentinel.producer", "gateway-a"));
        await line.SendAsync("b-1", RunningLine.Call("b-1", 2, Start), ("sentinel.producer", "gateway-a"));
        await line.SendAsync("b-1", RunningLine.Call("b-1", 3, Start), ("sentinel.producer", "gateway-c"));
        await line.SendAsync("b-1", RunningLine.Call("b-1", 4, Start));
        await line.SendAsync("b-1", RunningLine.Call("b-1", 5, Start), ("sentinel.producer", "gateway-b"));
        await line.SettleAsync();
        var letters = line.ReadAll(line.Options.Kafka.DeadLetterTopic);
        await line.StopServiceAsync();
        Assert.Equal(["agent_of_another_producer", "unidentified_producer", "unknown_producer"], letters.Select(l => Header(l, "sentinel.reason")).Order());
        Assert.Equal((1, 1), (EventsOf(line, "a-1"), EventsOf(line, "b-1")));
    }

    [Fact]
    public async Task What_happened_can_be_looked_up_in_history_and_a_rebuild_tells_the_same()
    {
        // Minutes are kept for longer than the stream lasts: what retention has already taken depends on when it looked.
        await using var line = await RunningLine.StartAsync(cluster, options => options with { History = options.History with { KeepMinutes = TimeSpan.FromDays(30) } });
        await line.SendAsync(History("agent").Concat(Burst("agent")));
        await line.NextWebhookAsync();
        var history = new HistoryReader(line.Options.History.PathOf(line.Options.Checkpoints.Folder));
        await RunningLine.WaitAsync(() => Task.FromResult(Confirmed(history) is not null));
        await line.StopServiceAsync();

        var before = Confirmed(history);
        var incident = new IncidentQueries(history).Find(before!.IncidentId!)!;
        Assert.Equal(("agent", true, before.Id), (incident.AgentId, incident.IsOpen, incident.SuspensionId));
        Assert.Equal(incident.Anomalies, new IncidentQueries(history).Anomalies(incident.Id, new PageRequest()).Items.Count);
        var points = new SeriesQueries(history, line.Options.History).Points("agent", WindowDimension.Agent, "", false, SeriesResolution.Minute, Start, Start.AddDays(10));
        Assert.True(points.Count > 100 && points.All(p => p.Start < Start.AddDays(5)), $"{points.Count} windows");
        Assert.Equal(
            points.Sum(p => p.Calls),
            new SeriesQueries(history, line.Options.History).Points("agent", WindowDimension.Dataset, "crm/contacts", false, SeriesResolution.Minute, Start, Start.AddDays(10)).Sum(p => p.Calls));

        using (var connection = HistoryFile.Open(history.Path))
        {
            HistoryFile.Execute(connection, "DELETE FROM point_1; DELETE FROM point_5; DELETE FROM point_60;");
        }

        new SeriesRebuild(line.Options, DeclarationSet.Read(line.Options.Declarations)).Run((_, _, _) => { }, TestContext.Current.CancellationToken);
        var again = new SeriesQueries(history, line.Options.History).Points("agent", WindowDimension.Agent, "", false, SeriesResolution.Minute, Start, Start.AddDays(10));
        Assert.Equal(points.Take(again.Count), again);
        Assert.InRange(again.Count, points.Count - 2, points.Count);

        HistoryFile.Rebuild(history.Path);
        Assert.Null(Confirmed(history));
        await line.StartServiceAsync();
        await RunningLine.WaitAsync(() => Task.FromResult(Confirmed(history) is not null));
        await line.StopServiceAsync();
        Assert.Equal(before, Confirmed(history));

        static SuspensionRow? Confirmed(HistoryReader history) =>
            File.Exists(history.Path) ? new SuspensionQueries(history).List(new SuspensionFilter { States = ["confirmed"] }, true, new PageRequest()).Items.SingleOrDefault() : null;
    }

    [Fact]
    public async Task What_a_person_dismissed_is_usual_from_the_next_batch_on_and_after_a_restart()
    {
        await using var line = await RunningLine.StartAsync(cluster, options => options with { Response = new ResponseOptions() });
        await line.SendAsync(History("agent"));
        await line.SendAsync([Reading("partner", 1)]);
        await line.SettleAsync();
        await RunningLine.WaitAsync(() => Task.FromResult(Found().Count > 0));
        var history = new HistoryReader(line.Options.History.PathOf(line.Options.Checkpoints.Folder));
        await RunningLine.WaitAsync(() => Task.FromResult(File.Exists(history.Path) && Incidents().Count > 0));
        var dismissal = new OperatorCommand("c-1", DateTimeOffset.UtcNow, OperatorCommandKind.Dismiss, Assert.Single(Incidents()).Id, "emma", "our partner");
        await line.Services.GetRequiredService<RecordProducer>().AppendAsync(line.Options.Kafka.JournalTopic, 0, default, JournalJson.Write(dismissal), TestContext.Current.CancellationToken);
        await RunningLine.WaitAsync(() => Task.FromResult(line.Services.GetRequiredService<CurrentDismissals>().Latest is [_]));
        var before = Found();

        await line.SendAsync([Reading("partner", 2)]);
        await line.SettleAsync();
        Assert.Equal(before, Found());
        await line.StopServiceAsync();
        await line.StartServiceAsync();
        await line.SendAsync([Reading("partner", 3)]);
        await line.SettleAsync();
        Assert.Equal(before, Found());
        await line.SendAsync([Reading("other", 4)]);
        await line.SettleAsync();
        await line.StopServiceAsync();
        Assert.True(Found().Count > before.Count);

        List<string> Found() => [.. Journal(line).OfType<AnomalyFound>().Select(found => found.Anomaly.Id)];

        IReadOnlyList<IncidentRow> Incidents() => new IncidentQueries(history).List(new IncidentFilter(), default, true, new PageRequest()).Items;

        static (string, byte[]) Reading(string place, int number) => ("agent", Bytes(Encoding.UTF8.GetString(RunningLine.Call("agent", 1000 + number, Start.AddDays(4 + (2 * number))))
            .Replace("\"crm/contacts\"", string.Join(',', Enumerable.Range(0, 12).Select(i => $"\"{place}/{i}\"")), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stop_in_order_leaves_nothing_behind_and_the_next_start_goes_on_from_there()
    {
        await using var line = await RunningLine.StartAsync(cluster);
        await line.SendAsync(History("agent"));
        await RunningLine.WaitAsync(() => Task.FromResult(Enumerable.Range(0, RunningLine.Partitions).Sum(line.NextOffset) > 0));
        await line.StopServiceAsync();
        var stopped = Enumerable.Range(0, RunningLine.Partitions).ToDictionary(p => p, line.NextOffset);
        var committed = cluster.Committed(line.Options.Kafka.ToolCallTopic, $"{line.Options.Kafka.GroupId}-detection", RunningLine.Partitions);
        Assert.All(stopped.Where(s => s.Value > 0), s => Assert.Equal(s.Value, committed[s.Key]));

        await line.StartServiceAsync();
        await line.SendAsync(Burst("agent"));
        await line.SettleAsync();
        await line.StopServiceAsync();
        Assert.Equal(History("agent").Count() + Burst("agent").Count(), EventsOf(line, "agent"));
    }

    [Fact]
    public async Task When_the_journal_refuses_an_anomaly_the_partition_is_rewound_and_nothing_is_lost()
    {
        Assert.SkipWhen(cluster.Embedded is null, "A real broker does not fail on request.");
        await using var line = await RunningLine.StartAsync(cluster);
        await line.SendAsync(History("agent"));
        await line.SettleAsync();
        await line.StopServiceAsync();
        await line.SendAsync(Burst("agent"));

        // Nobody but the service produces from here on. Not to be tried again by the client: the append fails, and with it the batch.
        cluster.Embedded!.FailRequests(Service.Kafka.EmbeddedBroker.RequestKind.Produce, ErrorCode.TopicAuthorizationFailed);
        var restarts = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => Listen(instrument, l) };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => Count(count, tags));
        listener.Start();
        await line.StartServiceAsync();
        await line.SettleAsync();
        await line.StopServiceAsync();

        Assert.Equal(1, restarts);
        Assert.Equal(History("agent").Count() + Burst("agent").Count(), EventsOf(line, "agent"));
        Assert.Contains(Journal(line).OfType<AnomalyFound>(), a => a.Anomaly.Evidence.Detector == "volume");

        static void Listen(Instrument instrument, MeterListener listener)
        {
            if (instrument.Name == "sentinel.pipeline.restarts")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        }

        void Count(long count, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                restarts += tag.Key == "topic" && Equals(tag.Value, line.Options.Kafka.ToolCallTopic) ? count : 0;
            }
        }
    }

    [Fact]
    public async Task It_is_live_at_once_and_ready_when_its_lines_work()
    {
        await using var line = await RunningLine.StartAsync(cluster);
        using var client = new HttpClient { BaseAddress = line.Address };
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken));
        await RunningLine.WaitAsync(async () =>
        {
            using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            return ready.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task Without_an_address_it_listens_nowhere()
    {
        await using var line = await RunningLine.StartAsync(cluster);
        await line.StopServiceAsync();
        var before = Listeners();
        await using var host = SentinelHost.Build(line.Options with { Health = new HealthOptions { Url = "" } }, builder => builder.Logging.ClearProviders());
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Null(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>());
        Assert.DoesNotContain(Listeners(), port => port is 5000 or 8080 && !before.Contains(port));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static List<(byte[] Record, string Reason)> Hostile()
    {
        var good = Encoding.UTF8.GetString(RunningLine.Call("agent", -1, Start));
        return
        [
            ([], "empty"),
            ([0xFF, 0xFE], "invalid_utf8"),
            (Bytes(good[..^1]), "malformed_json"),
            (Bytes(string.Concat(Enumerable.Repeat("[", 5_000))), "malformed_json"),
            (Bytes("[]"), "not_an_object"),
            (Bytes("{}"), "missing_field"),
            (Bytes(good[..^1] + ",\"id\":\"again\"}"), "duplicate_field"),
            (Bytes(good.Replace("\"crm.read\"", "7", StringComparison.Ordinal)), "wrong_type"),
            (Bytes(good.Replace("crm.read", new string('x', 257), StringComparison.Ordinal)), "too_long"),
            (Bytes(good.Replace("crm.read", "\\u001b[2J", StringComparison.Ordinal)), "control_character"),
            (Bytes(good.Replace("2026", "9999", StringComparison.Ordinal)), "time_in_future"),
            (Bytes(good.Replace("2026", "0001", StringComparison.Ordinal)), "time_out_of_range"),
        ];
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static HashSet<int> Listeners() => [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(l => l.Port)];

    private static IEnumerable<(string, byte[])> History(string agentId) =>
        Enumerable.Range(0, 400).Select(i => (agentId, RunningLine.Call(agentId, i, Start.AddMinutes(15 * i))));

    private static IEnumerable<(string, byte[])> Burst(string agentId) =>
        Enumerable.Range(0, 200).Select(i => (agentId, RunningLine.Call(agentId, 1000 + i, Start.AddDays(5).AddMilliseconds(100 * i))));

    private static string Header(ConsumeResult<byte[], byte[]> letter, string name) => Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(name));

    private static List<JournalEntry> Journal(RunningLine line) => [.. line.ReadAll(line.Options.Kafka.JournalTopic).Select(r =>
    {
        Assert.True(JournalJson.TryRead(r.Message.Value, out var entry, out var error), error);
        return entry!;
    })];

    private static long EventsOf(RunningLine line, string agentId)
    {
        var events = 0L;
        for (var partition = 0; partition < RunningLine.Partitions; partition++)
        {
            using var store = CheckpointStore.Open(line.CheckpointPath(partition), survivesPowerLoss: false);
            var detection = line.Options.Detection;
            events += new DetectionEngine(detection, LineDetectors.Create(line.Options), store).Find(agentId)?.Events ?? 0;
        }

        return events;
    }

    private byte[] Read(TopicPartitionOffset source)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig { BootstrapServers = cluster.BootstrapServers, GroupId = KafkaCluster.NewName("reader") }).Build();
        consumer.Assign(source);
        return consumer.Consume(TimeSpan.FromSeconds(10)).Message.Value;
    }
}
