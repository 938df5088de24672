using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AgentSentinel.Core.Audit;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Audit;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Tests.History;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Pipelines;

/// <summary>The journal's worker killed at random points of its way from an entry to a durable order, and started again from its checkpoint.</summary>
public sealed class ResponseFaultTests
{
    private const int Entries = 400;
    private const int Faults = 180;

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Killed_anywhere_it_loses_no_order_issues_none_twice_and_ends_as_if_nothing_had_been()
    {
        var entries = Draw(new Random(11));
        using var straight = new Bench();
        Assert.Equal(0, await straight.RunAsync(entries, new Random(12), faults: 0));
        using var killed = new Bench();
        Assert.Equal(Faults, await killed.RunAsync(entries, new Random(13), Faults));

        Assert.InRange(straight.Orders.Count, 50, Entries);
        Assert.Equal(straight.Orders, killed.Orders);
        Assert.Equal(straight.Memory, killed.Memory);
        Assert.Equal(straight.VerifiedRecords(), killed.VerifiedRecords());
    }

    [Fact]
    public async Task A_backlog_is_taken_as_if_each_entry_had_come_at_its_time()
    {
        var entries = Draw(new Random(14));
        using var inTime = new Bench();
        await inTime.RunAsync(entries, new Random(15), faults: 0);
        using var late = new Bench(daysLate: 7);
        await late.RunAsync(entries, new Random(16), faults: 0);
        Assert.InRange(inTime.Orders.Count, 50, Entries);
        Assert.Equal(inTime.Orders, late.Orders);
        Assert.Equal(inTime.Memory, late.Memory);
    }

    private static List<JournalEntry> Draw(Random random)
    {
        var entries = new List<JournalEntry> { new FleetReport(0, new FleetCensus(Start, 400), Start) };
        while (entries.Count < Entries)
        {
            var time = Start.AddSeconds(40 * entries.Count);
            var agent = $"agent-{random.Next(30)}";
            entries.Add(random.Next(4) switch
            {
                0 => new OperatorCommand($"c-{entries.Count}", time, OperatorCommandKind.Suspend, agent, "emma", "because"),
                1 => new AgentSeen($"stranger-{random.Next(40)}", time, time),
                _ => new AnomalyFound(Found(agent, entries.Count, time, 3 + (6 * random.NextDouble())), time),
            });
        }

        return entries;
    }

    private static Anomaly Found(string agent, int number, DateTimeOffset time, double score) => new(
        $"{agent}/volume/{number}",
        agent,
        time,
        time,
        time.AddMinutes(1),
        new Evidence("volume", "calls", "calls", 60, 0, 9, score + 3, Math.Pow(10, score), score, null, "many calls"),
        null,
        "s1",
        "key",
        null,
        time.AddDays(-30));

    private sealed class Bench : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentinel-faults-");
        private readonly CountedMeters _meters = new();
        private readonly FakeTimeProvider _time;
        private readonly SentinelOptions _options;
        private readonly DeclarationSet _declared;

        public Bench(int daysLate = -1)
        {
            _time = new FakeTimeProvider(Start.AddDays(daysLate));
            _options = new SentinelOptions
            {
                Checkpoints = new CheckpointOptions { Folder = _folder.FullName },
                Kafka = new KafkaOptions { BootstrapServers = "127.0.0.1:9" },
                Audit = new AuditOptions { AnchorEvery = 40 },
                Response = new ResponseOptions { Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic, Duration = TimeSpan.FromMinutes(30) } },
            };
            _declared = DeclarationSet.Read(_options.Declarations) with { Registry = new AgentRegistry([new RegisteredAgent("agent-*") { Owner = "emma" }]) };
        }

        public IReadOnlyList<string> Orders { get; private set; } = [];

        public IReadOnlyList<string> Memory { get; private set; } = [];

        private string JournalPath => Path.Combine(_folder.FullName, CheckpointStore.FileName(_options.Kafka.JournalTopic, 0));

        private string TrailPath => Path.Combine(_folder.FullName, "audit.jsonl");

        public void Dispose()
        {
            _meters.Dispose();
            _folder.Delete(recursive: true);
        }

        /// <summary>Feeds the entries in batches, as the pipeline would: after a fault from the checkpoint's offset on.</summary>
        /// <returns>How many faults struck.</returns>
        public async Task<int> RunAsync(List<JournalEntry> entries, Random random, int faults)
        {
            await using var producer = new RecordProducer(_options.Kafka, NullLogger.Instance);
            var struck = 0;
            var worker = Open(producer);
            while (worker.NextOffset < entries.Count)
            {
                var begin = (int)worker.NextOffset;
                var batch = Batch(entries, begin, Math.Min(random.Next(1, 9), entries.Count - begin));
                if (struck < faults && random.Next(2) == 0)
                {
                    struck++;
                    await StrikeAsync(worker, batch, random);

                    // A process that dies disposes of nothing in order; here the files must be let go of.
                    await worker.DisposeAsync();
                    worker = Open(producer);
                    continue;
                }

                await worker.ProcessAsync(batch, TestContext.Current.CancellationToken);
            }

            // Where the dice left faults over, the rest strikes batches that have nothing more to do.
            for (; struck < faults; struck++)
            {
                await worker.DisposeAsync();
                worker = Open(producer);
            }

            await worker.DisposeAsync();
            Read();
            return struck;
        }

        public long VerifiedRecords()
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(Path.Combine(_folder.FullName, "audit-key.pub.pem")));
            var verifier = new AuditVerifier();
            foreach (var anchor in File.ReadAllLines(TrailPath + ".anchors"))
            {
                Assert.True(verifier.TryAddAnchor(Encoding.UTF8.GetBytes(anchor), key));
            }

            foreach (var line in File.ReadAllLines(TrailPath))
            {
                verifier.Take(Encoding.UTF8.GetBytes(line));
            }

            verifier.Finish(endsWithLineBreak: true);
            Assert.Empty(verifier.Faults);
            return verifier.Lines;
        }

        private async Task StrikeAsync(ResponseWorker worker, RecordBatch batch, Random random)
        {
            switch (random.Next(5))
            {
                case 0:
                    // Within the transaction, at a random one of its writes.
                    var table = ((string[])["piece", "outbox", "audit_line", "audit_head"])[random.Next(4)];
                    Execute($"CREATE TRIGGER strike BEFORE INSERT ON {table} WHEN abs(random()) % {random.Next(1, 4)} = 0 BEGIN SELECT RAISE(ABORT, 'struck'); END");
                    await FailsOrNotAsync(worker, batch);
                    Execute("DROP TRIGGER strike");
                    break;
                case 1:
                    // Another instance takes over while this one is at work.
                    CheckpointStore.Open(JournalPath, survivesPowerLoss: false).Dispose();
                    await Assert.ThrowsAsync<OwnershipLostException>(() => worker.ProcessAsync(batch, TestContext.Current.CancellationToken));
                    break;
                case 2:
                    // After the commit, before the trail is in its file.
                    using (new FileStream(TrailPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
                    {
                        await Assert.ThrowsAnyAsync<IOException>(() => worker.ProcessAsync(batch, TestContext.Current.CancellationToken));
                    }

                    break;
                case 3:
                    // Within a line of the trail.
                    await worker.ProcessAsync(batch, TestContext.Current.CancellationToken);
                    await File.AppendAllTextAsync(TrailPath, "{\"seq\":", TestContext.Current.CancellationToken);
                    break;
                default:
                    // Between two batches.
                    break;
            }
        }

        private static async Task FailsOrNotAsync(ResponseWorker worker, RecordBatch batch)
        {
            try
            {
                await worker.ProcessAsync(batch, TestContext.Current.CancellationToken);
            }
            catch (SqliteException)
            {
                // Not every transaction writes to the table.
            }
        }

        private ResponseWorker Open(RecordProducer producer) => new(
            0, _options, _declared, producer, new AlertSinks([], _options.Alerts, _time, _meters.Meters, NullLogger<AlertSinks>.Instance),
            new DecisionTable(_options.Decisions, _time), _time, _meters.Meters, NullLoggerFactory.Instance);

        private void Execute(string sql)
        {
            using var connection = new SqliteConnection($"Data Source={JournalPath};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        private void Read()
        {
            using var store = CheckpointStore.Open(JournalPath, survivesPowerLoss: false);
            using var command = store.Connection.CreateCommand();
            command.CommandText = "SELECT id, payload FROM outbox ORDER BY rowid";
            using var rows = command.ExecuteReader();
            var orders = new List<string>();
            while (rows.Read())
            {
                orders.Add($"{rows.GetString(0)}: {Encoding.UTF8.GetString((byte[])rows.GetValue(1))}");
            }

            Orders = orders;
            Memory = [.. Enum.GetValues<StateKind>().SelectMany(kind => store.Ids(kind).Select(id =>
                store.TryRead(new StateKey(kind, id), out var bytes) ? $"{kind}/{id}: {Convert.ToHexString(bytes.Span)}" : ""))];
        }

        private static RecordBatch Batch(List<JournalEntry> entries, int begin, int count)
        {
            var batch = new RecordBatchPool(1, 1 << 20, () => { }).Rent(0, 1, begin);
            for (var i = begin; i < begin + count; i++)
            {
                var value = JournalJson.Write(entries[i]);
                var memory = Marshal.AllocHGlobal(value.Length);
                Marshal.Copy(value, 0, memory, value.Length);
                batch.Add(i, entries[i].RecordedAt.ToUnixTimeMilliseconds(), 0, 0, memory, value.Length);
                Marshal.FreeHGlobal(memory);
            }

            return batch;
        }
    }
}
