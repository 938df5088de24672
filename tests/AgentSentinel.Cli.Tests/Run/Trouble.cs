using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Tests.Kafka;
using Confluent.Kafka;

namespace AgentSentinel.Cli.Tests.Run;

/// <summary>Appends to a journal what leads to suspensions and to lifts: agents that go wrong, and people who act.</summary>
internal sealed class Trouble(KafkaCluster cluster, string journal, Random random) : IDisposable
{
    private const int LeastOrders = 3;

    private readonly IProducer<Null, byte[]> _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = cluster.BootstrapServers, Acks = Acks.All }).Build();
    private readonly HashSet<string> _lifted = [];
    private int _number;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public Task AppendAsync(JournalEntry entry) => _producer.ProduceAsync(new TopicPartition(journal, 0), new Message<Null, byte[]> { Value = JournalJson.Write(entry) });

    /// <summary>At least three suspensions of agents that were not suspended before, further anomalies of theirs, and perhaps a lift of what was carried out.</summary>
    public async Task MakeAsync(SuspendingSystem system)
    {
        for (var order = 0; order < LeastOrders; order++)
        {
            var agent = string.Create(CultureInfo.InvariantCulture, $"agent-{++_number:000}");
            if (random.Next(4) == 0)
            {
                await AppendAsync(new OperatorCommand($"suspend-{agent}", Now, OperatorCommandKind.Suspend, agent, "emma", "seen by people"));
                continue;
            }

            foreach (var detector in (string[])["volume", "novelty", "volume"])
            {
                await AppendAsync(new AnomalyFound(Found(agent, detector, ++_number), Now));
            }
        }

        if (random.Next(2) == 0 && Liftable(system) is { } id)
        {
            await AppendAsync(new OperatorCommand($"lift-{id}", Now, OperatorCommandKind.Lift, id, "emma", "looked at"));
        }
    }

    public void Dispose() => _producer.Dispose();

    private string? Liftable(SuspendingSystem system)
    {
        var ids = system.Webhooks.Select(w => SuspensionWebhook.SuspensionIdOf(w.Id)).Distinct().Where(id => !_lifted.Contains(id)).ToList();
        if (ids.Count == 0)
        {
            return null;
        }

        var id = ids[random.Next(ids.Count)];
        _lifted.Add(id);
        return id;
    }

    private static Anomaly Found(string agent, string detector, int number)
    {
        const double Score = 7;
        return new Anomaly(
            string.Create(CultureInfo.InvariantCulture, $"{agent}/{detector}/{number}"),
            agent,
            Now,
            Now.AddMinutes(-1),
            Now,
            new Evidence(detector, "calls", "calls", 60, 0, 9, Score + 3, Math.Pow(10, Score), Score, null, "many calls"),
            null,
            "s1",
            "key",
            null,
            Now.AddDays(-30));
    }
}
