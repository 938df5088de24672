using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentSentinel.Core.Response;
using AgentSentinel.Service;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Commands;
using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Live;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Suspension;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// The decision endpoint under load, in the whole service with authentication, while agents are being suspended: latency at a fixed rate, and how many
/// answers allowed an agent after the order. Clients are in the same process. <c>decisions [requests per second] [seconds]</c>.
/// </summary>
internal static class DecisionMeasurement
{
    private const int Agents = 10_000;
    private const int Connections = 64;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenOrders = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var rate = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 5_000;
        var seconds = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 20;
        var folder = Directory.CreateTempSubdirectory("sentinel-decisions-");
        using var broker = EmbeddedBroker.Start();
        await using var receiver = await WebhookReceiver.StartAsync(null, TimeProvider.System, CancellationToken.None);
        var (secret, token) = ApiToken.Create("gateway", Role.Gateway, DateTimeOffset.MaxValue);
        var tokens = Path.Combine(folder.FullName, "tokens.json");
        ApiTokens.Add(tokens, token);
        var options = Options(broker, receiver, folder.FullName, tokens);
        broker.CreateTopic(options.Kafka.ToolCallTopic, 1);
        broker.CreateTopic(options.Kafka.JournalTopic, 1);
        await using var host = SentinelHost.Build(options, builder => builder.Logging.ClearProviders());
        await host.StartAsync();
        while (!host.Services.GetRequiredService<DecisionTable>().IsCurrent)
        {
            await Task.Delay(20);
        }

        await using var load = await DecisionLoad.ConnectAsync(new Uri(host.Urls.Last()), secret, Agents, Connections);
        await load.RunAsync(rate, WarmUp);
        load.Forget();

        var delivered = new ConcurrentDictionary<string, long>();
        var listening = ListenAsync(receiver, delivered);
        var (cpuBefore, allocatedBefore) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        var run = load.RunAsync(rate, TimeSpan.FromSeconds(seconds));
        var (journaled, ordered) = await SuspendAsync(host.Services, load, run);
        var sent = await run;
        var (cpu, allocated) = (Environment.CpuUsage.TotalTime - cpuBefore, GC.GetTotalAllocatedBytes() - allocatedBefore);
        await host.StopAsync();
        await receiver.DisposeAsync();
        await listening;
        folder.Delete(recursive: true);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{cpu.TotalMicroseconds / sent:0} µs of CPU and {allocated / sent:N0} bytes a request, clients and the whole service included: {100 * cpu.TotalSeconds / seconds:0}% of one core"));
        return Tell(load, rate, sent, seconds, journaled, ordered, delivered);
    }

    /// <summary>Suspends one agent after the other; notes when the command was acknowledged by the journal, and when it was carried out.</summary>
    private static async Task<(Dictionary<string, long> Journaled, Dictionary<string, long> Ordered)> SuspendAsync(IServiceProvider services, DecisionLoad load, Task run)
    {
        var (commands, outcomes) = (services.GetRequiredService<OperatorCommands>(), services.GetRequiredService<CommandOutcomes>());
        var (journaled, ordered) = (new Dictionary<string, long>(), new Dictionary<string, long>());
        for (var number = 0; !run.IsCompleted; number += 37)
        {
            var agent = DecisionLoad.NameOf(number % Agents);
            load.Watch(number % Agents);
            var receipt = await commands.SendAsync(new CommandRequest(OperatorCommandKind.Suspend, agent, "measured"), "benchmark", null, CancellationToken.None);
            journaled[agent] = Stopwatch.GetTimestamp();
            if (await outcomes.WaitAsync(receipt.CommandId!, CancellationToken.None) is not { State: CommandState.Done })
            {
                throw new InvalidOperationException($"{agent} was not suspended.");
            }

            ordered[agent] = Stopwatch.GetTimestamp();
            await Task.Delay(BetweenOrders);
        }

        return (journaled, ordered);
    }

    private static async Task ListenAsync(WebhookReceiver receiver, ConcurrentDictionary<string, long> delivered)
    {
        await foreach (var webhook in receiver.Received.ReadAllAsync())
        {
            using var body = JsonDocument.Parse(webhook.Body);
            delivered.TryAdd(body.RootElement.GetProperty("data").GetProperty("agent_id").GetString()!, Stopwatch.GetTimestamp());
        }
    }

    private static int Tell(
        DecisionLoad load, int rate, long sent, int seconds, Dictionary<string, long> journaled, Dictionary<string, long> ordered, ConcurrentDictionary<string, long> delivered)
    {
        var milliseconds = load.Latencies.Order().ToArray();
        var denied = load.Answers.Count(a => !a.IsAllowed);
        var afterOrder = load.Answers.Count(a => a.IsAllowed && ordered.TryGetValue(a.Agent, out var at) && a.SentAt > at);
        var afterDelivery = load.Answers.Count(a => a.IsAllowed && delivered.TryGetValue(a.Agent, out var at) && a.SentAt > at);
        var longest = load.Answers.Where(a => a.IsAllowed && journaled.TryGetValue(a.Agent, out var at) && a.SentAt > at)
            .Select(a => Stopwatch.GetElapsedTime(journaled[a.Agent], a.SentAt).TotalMilliseconds).DefaultIfEmpty(0).Max();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{sent / (double)seconds:N0} requests/s answered of {rate:N0} asked, {Connections} connections; p50 {At(milliseconds, 0.5):0.00} ms, p99 {At(milliseconds, 0.99):0.00} ms, p99.9 {At(milliseconds, 0.999):0.00} ms, longest {At(milliseconds, 1):0.0} ms; {load.Failures} failed"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ordered.Count} agents suspended meanwhile, {denied:N0} of {load.Answers.Count:N0} answers about them denied; {afterOrder} allowed after the order, {afterDelivery} after its delivery; the last allowed answer was asked for {longest:0.0} ms after the journal had acknowledged the command"));
        return afterOrder + afterDelivery + load.Failures == 0 && At(milliseconds, 0.99) <= 10 && sent >= rate * (long)seconds * 0.98 ? 0 : 1;
    }

    private static double At(double[] sorted, double quantile) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(quantile * sorted.Length))];

    private static SentinelOptions Options(EmbeddedBroker broker, WebhookReceiver receiver, string folder, string tokens) => new()
    {
        Kafka = new KafkaOptions { BootstrapServers = broker.BootstrapServers, CreateTopics = false, ClientSettings = new() { ["fetch.wait.max.ms"] = "2" } },
        Checkpoints = new CheckpointOptions { Folder = folder },
        Webhook = new WebhookOptions { Url = receiver.Address.ToString(), Secrets = [receiver.Secret], AllowPrivateTargets = true },
        Alerts = new SinkOptions { Log = false, Kafka = false },
        Health = new HealthOptions { Url = "" },
        Api = new ApiOptions { Url = "http://127.0.0.1:0", TokenFile = tokens },
    };
}
