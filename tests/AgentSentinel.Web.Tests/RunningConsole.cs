using System.Net;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Response;
using AgentSentinel.Service;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Tests.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Web.Tests;

/// <summary>The whole service with its console, in this process: broker, receiver of suspensions, a token for each role, and some history.</summary>
public sealed class RunningConsole : IAsyncLifetime
{
    /// <summary>An agent named by somebody who wants to break a page.</summary>
    public const string HostileAgent = "<img src=x onerror=alert(1)>/../\"'`&amp;\u202Egnp.exe";

    /// <summary>An ordinary agent with some hours of telemetry and an incident with a causal chain.</summary>
    public const string Agent = "crm-assistant-01";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A tool name of 256 characters out of which pages are made.</summary>
    public static readonly string HostileTool = string.Concat(Enumerable.Repeat("<script>alert(2)</script>{{7*7}}\u202E\u2066\u200B\t\u0007é漢\ud83d\ude00\"'><svg/onload=alert(3)>", 5))[..255] + "x";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentinel-console-");
    private readonly Dictionary<Role, string> _tokens = [];
    private KafkaCluster? _cluster;
    private WebhookReceiver? _receiver;
    private WebApplication? _host;
    private SentinelOptions? _options;

    /// <summary>Where the console is.</summary>
    public Uri Address => new(_host!.Urls.Last());

    public IServiceProvider Services => _host!.Services;

    public string TokenFile => Path.Combine(_folder.FullName, "tokens.json");

    public string TokenOf(Role role) => _tokens[role];

    public async ValueTask InitializeAsync()
    {
        _cluster = new KafkaCluster();
        _receiver = await WebhookReceiver.StartAsync(null, TimeProvider.System, CancellationToken.None);
        foreach (var role in Enum.GetValues<Role>())
        {
            var (secret, token) = ApiToken.Create($"some-{role}".ToLowerInvariant(), role, DateTimeOffset.UtcNow.AddDays(1));
            ApiTokens.Add(TokenFile, token);
            _tokens[role] = secret;
        }

        var registry = Path.Combine(_folder.FullName, "registry.json");
        await File.WriteAllTextAsync(registry, $$"""
            { "agents": [
                { "id": "{{Agent}}", "owner": "sales team", "purpose": "looks up contacts", "peer_group": "crm", "credentials": ["key-1"], "scope": { "tools": ["crm.*"] } },
                { "id": "crm-assistant-02", "owner": "sales team", "peer_group": "crm" } ] }
            """);
        _options = new SentinelOptions
        {
            Kafka = _cluster.Options with
            {
                ToolCallTopic = await _cluster.NewTopicAsync(1),
                JournalTopic = await _cluster.NewTopicAsync(1),
                DeadLetterTopic = await _cluster.NewTopicAsync(1),
                GroupId = KafkaCluster.NewName("group"),
                CreateTopics = false,
            },
            Declarations = new DeclarationOptions { RegistryFile = registry },
            Checkpoints = new CheckpointOptions { Folder = _folder.FullName, Interval = TimeSpan.FromMilliseconds(200) },
            Webhook = new WebhookOptions { Url = _receiver.Address.ToString(), Secrets = [_receiver.Secret], AllowPrivateTargets = true },
            Alerts = new SinkOptions { Log = false, Kafka = false },
            Health = new HealthOptions { Url = "" },
            Api = new ApiOptions { Url = "http://127.0.0.1:0", TokenFile = TokenFile, MaxRequestsPerMinute = 100_000, MaxCommandsPerMinute = 100_000 },
            Response = new ResponseOptions { Suspension = new SuspensionOptions { Mode = SuspensionMode.Approve } },
        };
        await WriteSeriesAsync();
        _host = SentinelHost.Build(_options, builder =>
        {
            builder.Logging.ClearProviders();
            SocConsole.AddTo(builder, _options);
        });
        SocConsole.MapOn(_host);
        await _host.StartAsync();
        await AppendAsync(SomeAnomaly.Of(HostileAgent, "novelty", 4.2, tool: HostileTool));
        await AppendAsync(SomeAnomaly.Of(Agent, "lineage", 6.5));
        await AppendAsync(SomeAnomaly.Of(Agent, "volume", 5.5));
        await WaitAsync(() => Services.GetRequiredService<OverviewQueries>().Read() is { JournalPosition: >= 3 } overview && overview.OpenIncidents.Values.Sum() == 2);
    }

    /// <summary>Detection finds something.</summary>
    public Task AppendAsync(Anomaly anomaly) => Services.GetRequiredService<RecordProducer>().AppendAsync(
        _options!.Kafka.JournalTopic, 0, default, JournalJson.Write(new AnomalyFound(anomaly, DateTimeOffset.UtcNow)), CancellationToken.None);

    /// <summary>A client that follows nothing and keeps its cookies.</summary>
    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };

    public static async Task WaitAsync(Func<bool> isReached)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if (isReached())
                {
                    return;
                }
            }
            catch (HistoryUnavailableException)
            {
                // It is being made.
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "Not reached in time.");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            await _host.DisposeAsync();
        }

        if (_receiver is not null)
        {
            await _receiver.DisposeAsync();
        }

        _cluster?.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Four weeks by the hour would take long: two days by the minute, in office hours.</summary>
    private async Task WriteSeriesAsync()
    {
        var options = _options!.History;
        await using var writer = new SqliteWindowWriter(options.PathOf(_folder.FullName), options, TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        var random = new Random(7);
        foreach (var agent in (string[])[Agent, "crm-assistant-02", HostileAgent])
        {
            var values = new List<WindowValue>();
            for (var at = now.AddDays(-2); at < now; at += TimeSpan.FromMinutes(5))
            {
                var start = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
                var calls = random.Next(1, 9);
                var tool = agent == HostileAgent ? HostileTool : "crm.read";
                values.Add(new WindowValue(agent, WindowDimension.Agent, "", false, start, calls, 0, 0, calls * 11, calls * 900, 0, new ExpectedRange(0, 10), 0.1));
                values.Add(new WindowValue(agent, WindowDimension.Tool, tool, false, start, calls, 0, 0, calls * 11, calls * 900, 0, null, 0));
                values.Add(new WindowValue(agent, WindowDimension.Dataset, "crm/contacts", false, start, calls, 0, 0, calls * 11, calls * 900, 0, null, 0));
            }

            await writer.WriteAsync(values.ToArray(), CancellationToken.None);
        }
    }
}
