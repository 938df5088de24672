using System.Text.Json;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using AgentSentinel.Service;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Suspension;
using AgentSentinel.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Cli.Demo;

/// <summary>
/// Everything in one process: a broker (librdkafka's mock cluster), a simulated fleet, the service in automatic mode, and a receiver
/// that verifies signatures and takes the suspended agents' credentials away.
/// </summary>
internal sealed class DemoRun(DemoSettings settings, IDemoView view, TimeProvider time)
{
    private static readonly TimeSpan ForTheEnd = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LeastShown = TimeSpan.FromSeconds(10);

    private readonly long _began = time.GetTimestamp();
    private volatile bool _isLearning = true;

    public async Task<DemoSummary> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sentinel-demo-");
        try
        {
            using var broker = EmbeddedBroker.Start();
            await using var receiver = await WebhookReceiver.StartAsync(null, time, cancellationToken);
            var options = Options(broker, receiver, folder.FullName);
            broker.CreateTopic(options.Kafka.ToolCallTopic, options.Kafka.ToolCallPartitions);
            broker.CreateTopic(options.Kafka.JournalTopic, 1);
            broker.CreateTopic(options.Kafka.DeadLetterTopic, 1);

            var simulation = new Simulation(settings.Simulation(time.GetUtcNow()));
            var ledger = new DemoLedger(simulation.Incidents);
            await using var host = SentinelHost.Build(options, builder => Adapt(builder, ledger));
            await host.StartAsync(cancellationToken);
            view.Say($"The service's API while this runs: {new Uri(new Uri(host.Urls.Single()), "/v1/docs")}");
            var listening = ListenAsync(receiver, ledger);
            await FeedAsync(host.Services, simulation, ledger, options, cancellationToken);
            await host.StopAsync(cancellationToken);
            await receiver.DisposeAsync();
            await listening;
            return ledger.Summarize(simulation.Options.Start + simulation.Options.Duration);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static SentinelOptions Options(EmbeddedBroker broker, WebhookReceiver receiver, string folder) => new()
    {
        Kafka = new KafkaOptions { BootstrapServers = broker.BootstrapServers, CreateTopics = false, ToolCallPartitions = 4 },
        Checkpoints = new CheckpointOptions { Folder = folder, Interval = TimeSpan.FromSeconds(1) },
        Webhook = new WebhookOptions { Url = receiver.Address.ToString(), Secrets = [receiver.Secret], AllowPrivateTargets = true },
        Alerts = new SinkOptions { Log = false, Kafka = false },
        Health = new HealthOptions { Url = "" },

        // On loopback and without tokens: whoever is on this machine may try it.
        Api = new ApiOptions { Url = "http://127.0.0.1:0" },
        Response = new ResponseOptions
        {
            // A day passes in under a minute: quiet is what is quiet for some seconds of it.
            Incidents = new IncidentOptions { QuietPeriod = TimeSpan.FromSeconds(3) },
            Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic, MaxFleetPercent = 25 },
        },
    };

    private void Adapt(WebApplicationBuilder builder, DemoLedger ledger)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IAlertSink>(new AlertTap(alert =>
        {
            ledger.Add(alert, _isLearning);
            if (!_isLearning && alert.Kind != AlertKind.Closed)
            {
                view.Alert(alert);
            }
        }));
    }

    private async Task ListenAsync(WebhookReceiver receiver, DemoLedger ledger)
    {
        await foreach (var webhook in receiver.Received.ReadAllAsync())
        {
            using var body = JsonDocument.Parse(webhook.Body);
            var agentId = body.RootElement.GetProperty("data").GetProperty("agent_id").GetString()!;
            if (webhook is { SignatureValid: true, IsRepeat: false, Type: SuspensionWebhook.SuspendType })
            {
                ledger.Suspended(agentId, _isLearning);
            }

            if (!_isLearning)
            {
                view.Suspended(agentId, webhook.Type ?? "", webhook.SignatureValid, webhook.At - body.RootElement.GetProperty("timestamp").GetDateTimeOffset());
            }
        }
    }

    private async Task FeedAsync(IServiceProvider services, Simulation simulation, DemoLedger ledger, SentinelOptions options, CancellationToken cancellationToken)
    {
        var detection = services.GetServices<PipelineHost>().Single(h => h.Name == "detection");
        view.Say("Waiting for the consumer group to form…");
        while (detection.Lag.Count < options.Kafka.ToolCallPartitions)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }

        view.Say($"{simulation.Agents.Count} agents; the service learns from {DemoSettings.Learning.TotalDays:0} days of their work, then a day passes before your eyes.");
        var feed = new DemoFeed(
            simulation, ledger, services.GetRequiredService<RecordProducer>(), options.Kafka.ToolCallTopic, () => detection.Lag.Sum(l => Math.Max(l.Position, 0)), time);
        var shownFrom = simulation.Options.Start + DemoSettings.Learning;
        var (sentBefore, tickedAt, ticks) = (0L, time.GetTimestamp(), 0);
        await feed.RunAsync(
            shownFrom,
            DemoSettings.Shown,
            () =>
            {
                _isLearning = false;
                var left = settings.For - time.GetElapsedTime(_began) - ForTheEnd;
                return left > LeastShown ? left : LeastShown;
            },
            isLearning =>
            {
                var elapsed = time.GetElapsedTime(tickedAt);
                var status = new DemoStatus(
                    isLearning ? "learning" : "watching",
                    feed.EventTime,
                    feed.Sent,
                    (feed.Sent - sentBefore) / Math.Max(elapsed.TotalSeconds, 0.001),
                    feed.Behind,
                    simulation.Agents.Count,
                    ledger.SuspendedAgents,
                    feed.Fleet);
                (sentBefore, tickedAt) = (feed.Sent, time.GetTimestamp());
                if (view is not LineView || ticks++ % 10 == 0)
                {
                    view.Show(status);
                }
            },
            cancellationToken);

        // The last windows close by the clock; what they still show comes through the journal and back.
        await Task.Delay(ForTheEnd / 2, time, cancellationToken);
    }
}
