using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Service.Sinks;

/// <summary>Where alerts go.</summary>
public sealed record SinkOptions : IValidatedOptions
{
    /// <summary>Whether alerts are written to the log.</summary>
    [Description("Whether alerts are written to the structured log.")]
    public bool Log { get; init; } = true;

    /// <summary>File to which alerts are appended, or null.</summary>
    [Description("File to which alerts are appended, one JSON object a line. Empty: none.")]
    public string? File { get; init; }

    /// <summary>Whether alerts are appended to the alert topic.</summary>
    [Description("Whether alerts are appended to the alert topic (Kafka:AlertTopic).")]
    public bool Kafka { get; init; } = true;

    /// <summary>Alerts waiting per sink; when it is full the oldest is dropped and counted.</summary>
    [Description("Alerts that may wait for a sink. When more come the oldest is dropped and counted.")]
    public int QueueLength { get; init; } = 1024;

    /// <summary>Longest time for one alert.</summary>
    [Description("Longest time that a sink may take for one alert.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most messages a minute to each channel that people read.</summary>
    [Description("Most messages a minute to each channel that people read (Slack, Teams, PagerDuty, e-mail), after a few at once. What happens meanwhile is put into the incident's next message.")]
    [Range(1, 600)]
    public int MessagesPerMinute { get; init; } = 30;

    /// <summary>Where people open the console.</summary>
    [Description("Where people open the console, for the links in alerts. Empty: no links.")]
    public string? ConsoleUrl { get; init; }

    /// <summary>OCSF.</summary>
    [Description("OCSF 1.8 Detection Findings to Kafka and to a signed webhook.")]
    public OcsfOptions Ocsf { get; init; } = new();

    /// <summary>Syslog.</summary>
    [Description("CEF over syslog.")]
    public SyslogOptions Syslog { get; init; } = new();

    /// <summary>Elastic.</summary>
    [Description("ECS documents to Elasticsearch.")]
    public ElasticOptions Elastic { get; init; } = new();

    /// <summary>Slack.</summary>
    [Description("Messages to Slack.")]
    public SlackOptions Slack { get; init; } = new();

    /// <summary>Teams.</summary>
    [Description("Cards to Microsoft Teams.")]
    public TeamsOptions Teams { get; init; } = new();

    /// <summary>PagerDuty.</summary>
    [Description("Events to PagerDuty.")]
    public PagerDutyOptions PagerDuty { get; init; } = new();

    /// <summary>E-mail.</summary>
    [Description("E-mail.")]
    public EmailOptions Email { get; init; } = new();

    /// <inheritdoc />
    public IEnumerable<string> Validate() =>
        ConsoleUrl is null || (Uri.TryCreate(ConsoleUrl, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")
            ? []
            : ["ConsoleUrl: not an absolute http or https URL."];
}
