using System.Globalization;
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
using AgentSentinel.Simulator.Incidents;
using AgentSentinel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Cli.Demo;

/// <summary>
/// Everything in one process: a broker (librdkafka's mock cluster), a simulated fleet, the service in automatic mode, a receiver
/// that verifies signatures and takes the suspended agents' credentials away, and the console.
/// </summary>
internal sealed class DemoRun(DemoSettings settings, IDemoView view, TimeProvider time)
{
    private static readonly TimeSpan ForTheEnd = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LeastShown = TimeSpan.FromSeconds(10);

    private readonly long _began = time.GetTimestamp();

    // Detectors are young: what they say does not count yet.
    private volatile bool _isLearning = true;
    private volatile bool _isShown;

    /// <param name="onShown">Called at the end with the summary, the console's address and what says that the host was told to stop: as long as it takes, the console stays.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task<DemoSummary> RunAsync(Func<DemoSummary, Uri, CancellationToken, Task> onShown, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sentinel-demo-");
        try
        {
            using var broker = EmbeddedBroker.Start();
            await using var receiver = await WebhookReceiver.StartAsync(null, time, cancellationToken);
            var simulation = new Simulation(settings.Simulation(time.GetUtcNow()));
            var protectedAgent = ProtectedAgent(simulation);
            var options = Options(broker, receiver, folder.FullName) with { Declarations = DemoDeclarations.Write(folder.FullName, simulation.Agents, protectedAgent) };
            broker.CreateTopic(options.Kafka.ToolCallTopic, options.Kafka.ToolCallPartitions);
            broker.CreateTopic(options.Kafka.JournalTopic, 1);
            broker.CreateTopic(options.Kafka.DeadLetterTopic, 1);

            var ledger = new DemoLedger(simulation.Incidents);
            await using var host = SentinelHost.Build(options, builder => Adapt(builder, options, ledger));
            SocConsole.MapOn(host);
            await host.StartAsync(cancellationToken);

            // The host takes the signals of Ctrl+C and SIGTERM.
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.Lifetime.ApplicationStopping);
            var console = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            view.Say($"The console is at {console}");
            view.Say($"The service's API while this runs: {new Uri(console, "/v1/docs")}");
            var listening = ListenAsync(receiver, ledger);
            try
            {
                await FeedAsync(host.Services, simulation, ledger, protectedAgent, options, stop.Token);
                var summary = ledger.Summarize(simulation.Options.Start + simulation.Options.Duration);
                await onShown(summary, console, stop.Token);
                return summary;
            }
            finally
            {
                await host.StopAsync(CancellationToken.None);
                await receiver.DisposeAsync();
                await listening;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One with which something goes wrong before the day that is shown, and is found at once.</summary>
    private static string? ProtectedAgent(Simulation simulation)
    {
        var shownFrom = simulation.Options.Start + simulation.Options.Duration - DemoSettings.Shown;
        var before = simulation.Incidents.Where(i => i.End < shownFrom).OrderByDescending(i => i.Start).ToList();
        return (before.Find(i => i.Kind is IncidentKind.WriteFanOut or IncidentKind.UnfamiliarDataset or IncidentKind.RunawayLoop or IncidentKind.SlowExfiltration) ?? before.FirstOrDefault())?.AgentId;
    }

    private SentinelOptions Options(EmbeddedBroker broker, WebhookReceiver receiver, string folder) => new()
    {
        Kafka = new KafkaOptions { BootstrapServers = broker.BootstrapServers, CreateTopics = false, ToolCallPartitions = 4 },
        Checkpoints = new CheckpointOptions { Folder = folder, Interval = TimeSpan.FromSeconds(1) },
        Webhook = new WebhookOptions { Url = receiver.Address.ToString(), Secrets = [receiver.Secret], AllowPrivateTargets = true },
        Alerts = new SinkOptions { Log = false, Kafka = false },
        Health = new HealthOptions { Url = "" },

        // On loopback and without tokens: whoever is on this machine may try it.
        Api = new ApiOptions { Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{settings.Port}") },
        Response = new ResponseOptions
        {
            // Days pass in seconds: what is found stays open until somebody has dealt with it, and an hour's budget is for four of them.
            Incidents = new IncidentOptions { QuietPeriod = TimeSpan.FromHours(1) },
            Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic, MaxPerHour = 40, MaxFleetPercent = 25, CoolDown = TimeSpan.Zero },
        },
    };

    private void Adapt(WebApplicationBuilder builder, SentinelOptions options, DemoLedger ledger)
    {
        builder.Logging.ClearProviders();
        SocConsole.AddTo(builder, options);
        builder.Services.AddSingleton<IAlertSink>(new AlertTap(alert =>
        {
            ledger.Add(alert, _isLearning);
            if (_isShown && alert.Kind != AlertKind.Closed)
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
            else if (webhook is { SignatureValid: true, IsRepeat: false, Type: SuspensionWebhook.LiftType })
            {
                ledger.Reinstated(agentId);
            }

            if (_isShown)
            {
                view.Suspended(agentId, webhook.Type ?? "", webhook.SignatureValid, webhook.At - body.RootElement.GetProperty("timestamp").GetDateTimeOffset());
            }
        }
    }

    private async Task FeedAsync(IServiceProvider services, Simulation simulation, DemoLedger ledger, string? protectedAgent, SentinelOptions options, CancellationToken cancellationToken)
    {
        var detection = services.GetServices<PipelineHost>().Single(h => h.Name == "detection");
        view.Say("Waiting for the consumer group to form…");
        while (detection.Lag.Count < options.Kafka.ToolCallPartitions)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }

        view.Say($"{simulation.Agents.Count} agents; the service learns from {DemoSettings.Learning.TotalDays:0} days of their work, three more bring the first trouble, then a day passes before your eyes.");
        var feed = new DemoFeed(
            simulation, ledger, services.GetRequiredService<RecordProducer>(), options.Kafka.ToolCallTopic, () => detection.Lag.Sum(l => Math.Max(l.Position, 0)), time);
        var people = ActivatorUtilities.CreateInstance<DemoPeople>(services);
        var behindFrom = simulation.Options.Start + simulation.Options.QuietFor;
        var shownFrom = behindFrom + DemoSettings.Behind;
        var (sentBefore, tickedAt, ticks) = (0L, time.GetTimestamp(), 0);
        await feed.RunAsync(
            [
                (behindFrom, async token =>
                {
                    await people.ClearAsync(token);
                    _isLearning = false;
                }),
                (shownFrom, token => people.DealAsync(protectedAgent, agentId => simulation.Incidents.Any(i => i.AgentId == agentId && i.Start < shownFrom), token)),
            ],
            shownFrom,
            DemoSettings.Shown,
            () =>
            {
                _isShown = true;
                var left = settings.For - time.GetElapsedTime(_began) - ForTheEnd;
                return left > LeastShown ? left : LeastShown;
            },
            () =>
            {
                var elapsed = time.GetElapsedTime(tickedAt);
                var status = new DemoStatus(
                    _isShown ? "watching" : _isLearning ? "learning" : "the days behind",
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
