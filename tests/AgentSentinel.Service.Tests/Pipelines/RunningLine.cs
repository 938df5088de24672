using System.Globalization;
using System.Text;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Tests.Kafka;
using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Tests.Pipelines;

/// <summary>The whole service in this process, on topics of its own, with a receiver of suspensions.</summary>
internal sealed class RunningLine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly KafkaCluster _cluster;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentinel-line-");
    private readonly IProducer<string, byte[]> _producer;
    private WebApplication? _host;

    private RunningLine(KafkaCluster cluster, WebhookReceiver receiver, SentinelOptions options)
    {
        _cluster = cluster;
        Receiver = receiver;
        Options = options with { Checkpoints = options.Checkpoints with { Folder = _folder.FullName } };
        _producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = cluster.BootstrapServers, LingerMs = 5, MessageMaxBytes = 2_000_000 }).Build();
    }

    public const int Partitions = 2;

    public SentinelOptions Options { get; }

    public WebhookReceiver Receiver { get; }

    public string AlertFile => Options.Alerts.File!;

    public Uri Address => new(_host!.Urls.First());

    /// <summary>Where the API listens, when it is on.</summary>
    public Uri ApiAddress => new(_host!.Urls.Last());

    public IServiceProvider Services => _host!.Services;

    public IEnumerable<Endpoint> Endpoints => ((IEndpointRouteBuilder)_host!).DataSources.SelectMany(s => s.Endpoints);

    public static async Task<RunningLine> StartAsync(KafkaCluster cluster, Func<SentinelOptions, SentinelOptions>? change = null)
    {
        var receiver = await WebhookReceiver.StartAsync(null, TimeProvider.System, TestContext.Current.CancellationToken);
        var options = new SentinelOptions
        {
            Kafka = cluster.Options with
            {
                ToolCallTopic = await cluster.NewTopicAsync(Partitions),
                JournalTopic = await cluster.NewTopicAsync(1),
                DeadLetterTopic = await cluster.NewTopicAsync(1),
                GroupId = KafkaCluster.NewName("group"),
                CreateTopics = false,
            },
            Checkpoints = new CheckpointOptions { Interval = TimeSpan.FromMilliseconds(200) },
            Webhook = new WebhookOptions { Url = receiver.Address.ToString(), Secrets = [receiver.Secret], AllowPrivateTargets = true },
            Alerts = new SinkOptions { Log = false, Kafka = false, File = Path.GetTempFileName() },
            Health = new HealthOptions { Url = "http://127.0.0.1:0" },
            Response = new ResponseOptions { Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic, MinimumHistory = TimeSpan.FromDays(1) } },
        };
        var line = new RunningLine(cluster, receiver, change?.Invoke(options) ?? options);
        await line.StartServiceAsync();
        return line;
    }

    public async Task StartServiceAsync()
    {
        _host = SentinelHost.Build(Options, builder => builder.Logging.ClearProviders());
        await _host.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Drains, checkpoints, commits, leaves the group.</summary>
    public async Task StopServiceAsync()
    {
        await _host!.StopAsync(TestContext.Current.CancellationToken);
        await _host.DisposeAsync();
        _host = null;
    }

    public static byte[] Call(string agentId, long number, DateTimeOffset time) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"id":"call-{{number}}","time":"{{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","agent_id":"{{agentId}}","tool":"crm.read","resources":["crm/contacts"],"credential_id":"key-1"}"""));

    public async Task SendAsync(IEnumerable<(string Key, byte[] Value)> records) => await Task.WhenAll(records.Select(r =>
        _producer.ProduceAsync(Options.Kafka.ToolCallTopic, new Message<string, byte[]> { Key = r.Key, Value = r.Value })));

    /// <summary>One record with headers.</summary>
    public Task SendAsync(string key, byte[] value, params (string Name, string Value)[] headers)
    {
        var message = new Message<string, byte[]> { Key = key, Value = value, Headers = [] };
        foreach (var (name, text) in headers)
        {
            message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        }

        return _producer.ProduceAsync(Options.Kafka.ToolCallTopic, message);
    }

    /// <summary>Waits until every record of the tool-call topic is covered by a checkpoint.</summary>
    public Task SettleAsync() => WaitAsync(() => Task.FromResult(Enumerable.Range(0, Partitions).All(p => NextOffset(p) >= EndOffset(p))));

    public static async Task WaitAsync(Func<Task<bool>> isReached)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isReached())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "Not reached in time.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The next suspension or lift that arrives; fails when none does.</summary>
    public async Task<ReceivedWebhook> NextWebhookAsync() =>
        await Receiver.Received.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

    public long EndOffset(int partition)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = _cluster.BootstrapServers, GroupId = "ends" }).Build();
        return consumer.QueryWatermarkOffsets(new TopicPartition(Options.Kafka.ToolCallTopic, partition), TimeSpan.FromSeconds(10)).High.Value;
    }

    public long NextOffset(int partition) => CheckpointStore.Peek(CheckpointPath(partition)) ?? 0;

    public string CheckpointPath(int partition) => Path.Combine(_folder.FullName, CheckpointStore.FileName(Options.Kafka.ToolCallTopic, partition));

    /// <summary>Everything in a topic of one partition, so far.</summary>
    public IReadOnlyList<ConsumeResult<byte[], byte[]>> ReadAll(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = _cluster.BootstrapServers,
            GroupId = KafkaCluster.NewName("reader"),
            EnablePartitionEof = true,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var records = new List<ConsumeResult<byte[], byte[]>>();
        while (consumer.Consume(TimeSpan.FromSeconds(10)) is { IsPartitionEOF: false } record)
        {
            records.Add(record);
        }

        return records;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await StopServiceAsync();
        }

        _producer.Dispose();
        await Receiver.DisposeAsync();
        File.Delete(AlertFile);
        _folder.Delete(recursive: true);
    }
}
