using System.Collections.Concurrent;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Tests.Kafka;
using AgentSentinel.Service.Tests.Outbound;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSentinel.Service.Tests.Pipelines;

/// <summary>A small case of what the benchmark <c>latency</c> measures.</summary>
public sealed class ResponseLatencyTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    private const int Agents = 20;

    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(100);
    // Ten times what is promised: how fast it is says the benchmark, on a machine of its own.
    private static readonly TimeSpan MostToOrder = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostToConfirmation = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_suspension_is_ordered_read_back_and_nobody_is_let_through_after_its_order()
    {
        var (arrived, allowed) = (new ConcurrentDictionary<string, DateTimeOffset>(), new ConcurrentBag<string>());
        DecisionTable? table = null;
        using var receiver = new ScriptedApi(request =>
        {
            if (request.Method == "POST")
            {
                var agent = request.Json.GetProperty("data").GetProperty("agent_id").GetString()!;
                arrived.TryAdd(agent, TimeProvider.System.GetUtcNow());
                if (table!.Ask(agent, null, null).IsAllowed)
                {
                    allowed.Add(agent);
                }
            }

            return new ScriptedApi.Reply(200, """{"state":"suspended"}""") { After = Answer };
        });
        await using var line = await RunningLine.StartAsync(cluster, options => options with
        {
            Webhook = options.Webhook with { Url = $"{receiver.Address}hook", StatusUrl = $"{receiver.Address}state/{{suspension_id}}" },
            Response = options.Response with { Suspension = options.Response.Suspension with { MaxPerHour = 100, MaxFleetPercent = 100 } },
            Api = new ApiOptions { Url = "http://127.0.0.1:0/" },
        });
        table = line.Services.GetRequiredService<DecisionTable>();
        await RunningLine.WaitAsync(() => Task.FromResult(table.IsCurrent));
        await AppendAsync(line, new FleetReport(0, new FleetCensus(TimeProvider.System.GetUtcNow(), 100), TimeProvider.System.GetUtcNow()));

        var found = new Dictionary<string, DateTimeOffset>();
        for (var i = 0; i < Agents; i++)
        {
            var agent = $"agent-{i}";
            found[agent] = TimeProvider.System.GetUtcNow();
            await AppendAsync(line, new AnomalyFound(Found(agent, found[agent]), found[agent]));
        }

        List<DeliveryReport> reports = [];
        await RunningLine.WaitAsync(() =>
        {
            reports = [.. Entries(line).OfType<DeliveryReport>().Where(r => r.Verification == VerificationOutcome.Verified)];
            return Task.FromResult(reports.Count == Agents);
        });
        Assert.Empty(allowed);
        Assert.InRange(found.Max(f => arrived[f.Key] - f.Value), TimeSpan.Zero, MostToOrder);
        Assert.InRange(reports.Max(r => r.RecordedAt) - found.Values.Min(), Answer, MostToConfirmation);
    }

    private static Task AppendAsync(RunningLine line, JournalEntry entry) => line.Services.GetRequiredService<RecordProducer>()
        .AppendAsync(line.Options.Kafka.JournalTopic, 0, default, JournalJson.Write(entry), TestContext.Current.CancellationToken);

    private static IEnumerable<JournalEntry> Entries(RunningLine line) => line.ReadAll(line.Options.Kafka.JournalTopic)
        .Select(r => JournalJson.TryRead(r.Message.Value, out var entry, out _) ? entry! : throw new InvalidDataException());

    private static Anomaly Found(string agent, DateTimeOffset time) => new(
        $"{agent}/volume/1", agent, time, time.AddMinutes(-1), time, new Evidence("volume", "calls", "calls", 60, 0, 9, 15, 1e12, 12, null, "many calls"), null, "s1", "key", null, time.AddDays(-30));
}
