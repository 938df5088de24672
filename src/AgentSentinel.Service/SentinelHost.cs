using System.Diagnostics.Metrics;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Influx;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Live;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Suspension.Ssf;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace AgentSentinel.Service;

/// <summary>The service: both lines and what belongs to them, composed in one place.</summary>
public static class SentinelHost
{
    internal const string HistoryLine = "history";

    private const string ReadyTag = "ready";

    /// <summary>Builds the service; <c>RunAsync</c> runs it until it is told to stop, then drains, checkpoints and commits.</summary>
    /// <param name="options">Options that were checked.</param>
    /// <param name="configure">Adds to or replaces what was registered: further sinks, another clock, other logging. May be null.</param>
    public static WebApplication Build(SentinelOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        // The slim builder reads no configuration but ours: what the options tree does not know must not have an effect.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        if (!ApiListener.Listen(builder.WebHost, options.Health, options.Api))
        {
            builder.Services.AddSingleton<IServer, NoServer>();
        }

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(60));
        AddParts(builder.Services, options);
        configure?.Invoke(builder);

        var app = builder.Build();
        var forEverybody = app.MapGroup("").AllowAnonymous().DisableRateLimiting().WithMetadata(OnEveryAddress.Instance);
        forEverybody.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        forEverybody.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag), ResponseWriter = WriteReasonsAsync });
        SsfEndpoints.Map(forEverybody, options.Suspensions.Ssf);
        if (options.Api.IsOn)
        {
            ApiHost.Use(app, options.Api);
            ApiHost.Map(app);
        }

        return app;
    }

    private static void AddParts(IServiceCollection services, SentinelOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Health);
        services.AddSingleton(DeclarationSet.Read(options.Declarations));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SentinelMeters>();
        services.AddSingleton(options.Decisions);
        services.AddSingleton<DecisionTable>();
        services.AddSingleton(p => new RecordProducer(options.Kafka, p.GetRequiredService<ILogger<RecordProducer>>()));
        AddSinks(services, options);
        AddHistory(services, options);

        // Registered first, stopped last: the graphs run in it. Only the host takes signals; Akka would end the graphs before they are drained.
        services.AddAkka("sentinel", akka => akka
            .AddHocon("akka.coordinated-shutdown.run-by-clr-shutdown-hook = off", HoconAddMode.Prepend)
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            }));
        services.AddHostedService(p => new TopicSetup(options.Kafka, options.Alerts.Ocsf.KafkaTopic is { } topic ? [topic] : [], p.GetRequiredService<ILogger<TopicSetup>>()));
        AddLine(services, "response", options.Kafka.JournalTopic, options, OpenResponse);
        AddLine(services, "detection", options.Kafka.ToolCallTopic, options, OpenDetection);
        if (options.History.Enabled)
        {
            AddLine(services, HistoryLine, options.Kafka.JournalTopic, options, OpenHistory);
        }

        services.AddSingleton<CurrentRegistry>();
        services.AddSingleton<CurrentDismissals>();
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<CommandOutcomes>();
        services.AddSingleton<JournalFold>();
        services.AddSingleton<IHostedService, JournalFollower>();
        if (options.Api.IsOn)
        {
            ApiHost.AddTo(services, options);
        }

        var health = services.AddHealthChecks().AddCheck<PipelineHealth>("lines", HealthStatus.Unhealthy, [ReadyTag]);
        if (options.Api.IsOn)
        {
            health.AddCheck<DecisionHealth>("decisions", HealthStatus.Degraded, [ReadyTag]);
        }

        var telemetry = services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(SentinelMeters.MeterName));
        if (options.Health.OtlpEndpoint.Length > 0)
        {
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter(otlp => otlp.Endpoint = new Uri(options.Health.OtlpEndpoint)));
        }
    }

    private static void AddSinks(IServiceCollection services, SentinelOptions options)
    {
        // To add a sink: its file in Sinks, its options, one line here.
        var sinks = options.Alerts;
        AddSink(sinks.Log, p => new LogSink(p.GetRequiredService<ILogger<LogSink>>()));
        AddSink(sinks.File is { Length: > 0 }, _ => new FileSink(sinks.File!));
        AddSink(sinks.Kafka, p => new KafkaSink(p.GetRequiredService<RecordProducer>(), options.Kafka.AlertTopic));
        AddSink(sinks.Ocsf.KafkaTopic is not null, p => new OcsfKafkaSink(p.GetRequiredService<RecordProducer>(), sinks.Ocsf.KafkaTopic!, sinks.ConsoleUrl));
        AddSink(sinks.Ocsf.WebhookUrl is not null, p => new OcsfWebhookSink(sinks, Clock(p)));
        AddSink(sinks.Syslog.Host is not null, p => new SyslogSink(sinks, Clock(p)));
        AddSink(sinks.Elastic.Url is not null, p => new ElasticSink(sinks, Clock(p)));
        AddChannel(sinks.Slack.IsOn, p => new SlackChannel(sinks, p.GetService<IAlertChart>(), Clock(p)));
        AddChannel(sinks.Teams.WorkflowUrlFile is not null, p => new TeamsChannel(sinks, p.GetService<IAlertChart>(), Clock(p)));
        AddChannel(sinks.PagerDuty.RoutingKeyFile is not null, p => new PagerDutyChannel(sinks, Clock(p)));
        AddChannel(sinks.Email.Host is not null, p => new EmailChannel(sinks, p.GetService<IAlertChart>(), Clock(p)));
        services.AddSingleton(p => new AlertSinks(
            p.GetServices<IAlertSink>(),
            sinks,
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<SentinelMeters>(),
            p.GetRequiredService<ILogger<AlertSinks>>()));

        void AddSink(bool isOn, Func<IServiceProvider, IAlertSink> create)
        {
            if (isOn)
            {
                services.AddSingleton(create);
            }
        }

        void AddChannel(bool isOn, Func<IServiceProvider, IMessageChannel> create) => AddSink(isOn, p => new IncidentMessages(
            create(p), sinks, Clock(p), p.GetRequiredService<SentinelMeters>(), p.GetRequiredService<ILogger<IncidentMessages>>()));

        static TimeProvider Clock(IServiceProvider p) => p.GetRequiredService<TimeProvider>();
    }

    private static void AddHistory(IServiceCollection services, SentinelOptions options)
    {
        if (options.History is { Enabled: true, Series: true })
        {
            services.AddSingleton<IWindowWriter>(p =>
                new SqliteWindowWriter(options.History.PathOf(options.Checkpoints.Folder), options.History, p.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IAlertChart, AlertChart>();
        }

        if (options.Influx.IsOn)
        {
            services.AddSingleton(p => new InfluxClient(options.Influx, p.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IWindowWriter>(p => new InfluxWindowWriter(p.GetRequiredService<InfluxClient>()));
        }

        services.AddSingleton(new HistoryReader(options.History.PathOf(options.Checkpoints.Folder)));
        services.AddSingleton(options.History);
        services.AddSingleton<AgentQueries>();
        services.AddSingleton<AlertQueries>();
        services.AddSingleton<AuditQueries>();
        services.AddSingleton<IncidentQueries>();
        services.AddSingleton<OverviewQueries>();
        services.AddSingleton<SeriesQueries>();
        services.AddSingleton<SuspensionQueries>();
        services.AddSingleton(p => new WindowHistory(
            p.GetServices<IWindowWriter>(),
            options.History,
            options.Influx.BatchPoints,
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<SentinelMeters>(),
            p.GetRequiredService<ILogger<WindowHistory>>()));
    }

    private static void AddLine(
        IServiceCollection services, string name, string topic, SentinelOptions options, Func<IServiceProvider, SentinelOptions, int, IPartitionWorker> open)
    {
        services.AddSingleton(p => new PipelineHost(
            name,
            topic,
            $"{options.Kafka.GroupId}-{name}",
            partition => open(p, options, partition),
            topic == options.Kafka.ToolCallTopic && options.Provenance.Producers.Count > 0,
            options.Kafka,
            p.GetRequiredService<ActorSystem>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<SentinelMeters>(),
            p.GetRequiredService<ILogger<PipelineHost>>()));
        services.AddSingleton<IHostedService>(p =>
        {
            var host = p.GetServices<PipelineHost>().Single(h => h.Name == name);
            p.GetRequiredService<SentinelMeters>().ObserveLag(() => Measure(host, topic));
            return host;
        });
    }

    private static IEnumerable<Measurement<long>> Measure(PipelineHost host, string topic) => host.Lag.Select(lag => new Measurement<long>(
        lag.Records,
        new KeyValuePair<string, object?>("line", host.Name),
        new KeyValuePair<string, object?>("topic", topic),
        new KeyValuePair<string, object?>("partition", lag.Partition)));

    private static DetectionWorker OpenDetection(IServiceProvider p, SentinelOptions options, int partition) => new(
        partition,
        options,
        p.GetRequiredService<DeclarationSet>(),
        p.GetRequiredService<CurrentRegistry>(),
        p.GetRequiredService<CurrentDismissals>(),
        p.GetRequiredService<RecordProducer>(),
        p.GetRequiredService<WindowHistory>(),
        p.GetRequiredService<TimeProvider>(),
        p.GetRequiredService<SentinelMeters>(),
        p.GetRequiredService<ILogger<DetectionWorker>>());

    private static ResponseWorker OpenResponse(IServiceProvider p, SentinelOptions options, int partition) => new(
        partition,
        options,
        p.GetRequiredService<DeclarationSet>(),
        p.GetRequiredService<RecordProducer>(),
        p.GetRequiredService<AlertSinks>(),
        p.GetRequiredService<DecisionTable>(),
        p.GetRequiredService<TimeProvider>(),
        p.GetRequiredService<SentinelMeters>(),
        p.GetRequiredService<ILoggerFactory>());

    private static HistoryWorker OpenHistory(IServiceProvider p, SentinelOptions options, int partition) => new(
        partition,
        options,
        p.GetRequiredService<DeclarationSet>(),
        p.GetRequiredService<TimeProvider>(),
        p.GetRequiredService<SentinelMeters>(),
        p.GetRequiredService<ILogger<HistoryWorker>>());

    private static Task WriteReasonsAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsync(string.Join('\n', report.Entries.Select(e => $"{e.Value.Status}: {e.Value.Description ?? e.Key}")), context.RequestAborted);
}
