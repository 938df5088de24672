using System.Text;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Pipelines;
using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Tests.Kafka;
using Confluent.Kafka;

namespace AgentSentinel.Cli.Tests.Run;

/// <summary>The real process, killed with SIGKILL on its way from an entry of the journal to a suspension that is confirmed, again and again.</summary>
public sealed class KilledResponseTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    private const int Kills = 20;
    private const int Seed = 41;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Killed_20_times_it_loses_no_order_issues_none_twice_and_ends_where_an_uninterrupted_run_does()
    {
        await using var system = await SuspendingSystem.StartAsync();
        var folder = Directory.CreateTempSubdirectory("sentinel-killed-");
        var (journal, calls, letters) = (await cluster.NewTopicAsync(1), await cluster.NewTopicAsync(1), await cluster.NewTopicAsync(1));
        var arguments = Arguments(system, folder.FullName, journal, calls, letters);
        var random = new Random(Seed);
        using var trouble = new Trouble(cluster, journal, random);
        await trouble.AppendAsync(new FleetReport(0, new FleetCensus(TimeProvider.System.GetUtcNow(), 400), TimeProvider.System.GetUtcNow()));

        for (var kill = 0; kill < Kills; kill++)
        {
            var point = KillPoint.Draw(kill, random);
            await trouble.MakeAsync(system);

            // A group of its own: the dead member's place in the former one is taken until its session is over.
            await using var process = SentinelProcess.Start([.. arguments, "--set", $"Kafka:GroupId={KafkaCluster.NewName("group")}"]);
            await point.StrikeAsync(process, system);
        }

        await trouble.MakeAsync(system);
        await using var last = SentinelProcess.Start([.. arguments, "--set", $"Kafka:GroupId={KafkaCluster.NewName("group")}"]);
        var path = Path.Combine(folder.FullName, CheckpointStore.FileName(journal, 0));
        var straight = await SettleAsync(last, journal, path);
        Assert.Equal(0, await last.StopAsync(Patience));

        AssertOrders(straight, system);
        Assert.Equal(straight.Memory, MemoryOf(path));
        await AssertTrailAsync(Path.Combine(folder.FullName, "audit.jsonl"), straight);
        folder.Delete(recursive: true);
    }

    private static void AssertOrders(StraightRun straight, SuspendingSystem system)
    {
        Assert.InRange(straight.Orders.Count, 2 * Kills, 10 * Kills);
        Assert.Contains(straight.Orders, o => o.Action == SuspensionAction.Lift);
        Assert.Equal(0, system.Refused);

        // Each order that should have been issued came, as it should be, and no other; twice only under the same id and with the same words.
        var came = system.Webhooks.Distinct().ToList();
        Assert.Equal(came.Count, came.Select(w => w.Id).Distinct().Count());
        Assert.Equal(
            straight.Orders.Select(o => (Id: o.MessageId, Body: Encoding.UTF8.GetString(SuspensionWebhook.Of(o).Payload.Span))).OrderBy(o => o.Id, StringComparer.Ordinal),
            came.OrderBy(w => w.Id, StringComparer.Ordinal));
        foreach (var suspension in straight.Orders.Where(o => o.Action == SuspensionAction.Suspend).Select(o => o.SuspensionId))
        {
            Assert.Equal(straight.Orders.All(o => o.MessageId != suspension + "_lift"), system.IsSuspended(suspension));
        }
    }

    private static async Task AssertTrailAsync(string trail, StraightRun straight)
    {
        var (code, said) = await SentinelProcess.RunAsync("audit", "verify", trail);
        Assert.True(code == 0, said);
        var lines = await File.ReadAllLinesAsync(trail, TestContext.Current.CancellationToken);
        Assert.Equal(straight.Entries, lines.Count(l => l.Contains("\"journal_offset\"", StringComparison.Ordinal)));
        Assert.Equal(straight.Orders.Count, lines.Count(l => l.Contains("\"kind\":\"order\"", StringComparison.Ordinal)));
    }

    private static List<string> MemoryOf(string path)
    {
        using var store = CheckpointStore.Open(path, survivesPowerLoss: false);
        return [.. Enum.GetValues<StateKind>().SelectMany(kind => store.Ids(kind).Select(id =>
            store.TryRead(new StateKey(kind, id), out var bytes) ? Piece(new StateKey(kind, id), bytes) : ""))];
    }

    private static string Piece(StateKey key, ReadOnlyMemory<byte> bytes) => $"{key.Kind}/{key.Id}: {Convert.ToHexString(bytes.Span)}";

    private string[] Arguments(SuspendingSystem system, string folder, string journal, string calls, string letters) =>
    [
        "run",
        "--set", $"Kafka:BootstrapServers={cluster.BootstrapServers}",
        "--set", $"Kafka:JournalTopic={journal}",
        "--set", $"Kafka:ToolCallTopic={calls}",
        "--set", $"Kafka:DeadLetterTopic={letters}",
        "--set", "Kafka:CreateTopics=false",
        "--set", $"Checkpoints:Folder={folder}",
        "--set", "History:Enabled=false",
        "--set", "Alerts:Kafka=false",
        "--set", "Audit:AnchorEvery=25",
        "--set", "Health:Url=",
        "--set", "Response:Suspension:Mode=Automatic",
        "--set", "Response:Suspension:MaxPerHour=1000",
        "--set", "Response:Suspension:MaxFleetPercent=100",
        "--set", $"Webhook:Url={system.Address}webhook",
        "--set", $"Webhook:StatusUrl={system.StatusUrl}",
        "--set", $"Webhook:Secrets:0={system.Secret}",
        "--set", "Webhook:AllowPrivateTargets=true",
    ];

    /// <summary>Waits until nothing is left to be done: the journal, folded in one go, has all its suspensions confirmed and all its lifts through.</summary>
    private async Task<StraightRun> SettleAsync(SentinelProcess process, string journal, string path)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var straight = StraightRun.Of(ReadAll(journal), path);
            if (straight.IsSettled && CheckpointStore.Peek(path) == straight.Entries)
            {
                return straight;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"Not settled: {straight.Unsettled}\n{process.Output}");
            Assert.False(process.HasExited, process.Output);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    private List<byte[]> ReadAll(string journal)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = cluster.BootstrapServers,
            GroupId = KafkaCluster.NewName("reader"),
            EnablePartitionEof = true,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(journal, 0, Offset.Beginning));
        var entries = new List<byte[]>();
        while (consumer.Consume(TimeSpan.FromSeconds(10)) is { IsPartitionEOF: false } record)
        {
            entries.Add(record.Message.Value);
        }

        return entries;
    }

    /// <summary>The same journal, taken in one go by an engine under the same terms.</summary>
    private sealed record StraightRun(int Entries, IReadOnlyList<SuspensionOrder> Orders, IReadOnlyList<string> Memory, string Unsettled)
    {
        public bool IsSettled => Unsettled.Length == 0;

        public static StraightRun Of(List<byte[]> journal, string path)
        {
            var (state, output) = (new VolatileState(), new ResponseOutput());
            var engine = ResponseTerms.FromText(ResponseEras.Read(path).Single().Terms).CreateEngine(state);
            foreach (var record in journal)
            {
                Assert.True(JournalJson.TryRead(record, out var entry, out var error), error);
                engine.Process(entry!, output);
            }

            engine.Save(state);
            return new StraightRun(
                journal.Count,
                [.. output.Orders],
                [.. state.Pieces.Select(p => Piece(p.Key, p.Value))],
                string.Join(", ", engine.Suspensions.Values.Where(s => s.State != SuspensionState.Confirmed).Select(s => $"{s.Id} {s.State}")));
        }
    }
}
