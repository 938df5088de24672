using System.Text.Json;

namespace AgentSentinel.Service.Tests.Sinks.Formats;

/// <summary>Events API v2, with its limits.</summary>
internal static class PagerDutySchema
{
    private static readonly JsonShape Event = new JsonShape()
        .Required("routing_key", JsonShape.Text(32, 32))
        .Required("event_action", JsonShape.OneOf("trigger", "acknowledge", "resolve"))
        .Required("dedup_key", JsonShape.Text(255, 1))
        .Required("payload", new JsonShape()
            .Required("summary", JsonShape.Text(1024, 1)).Required("source", JsonShape.Text(minLength: 1)).Required("severity", JsonShape.OneOf("critical", "error", "warning", "info"))
            .Optional("timestamp", JsonShape.Time).Optional("component", JsonShape.Text()).Optional("group", JsonShape.Text()).Optional("class", JsonShape.Text())
            .Optional("custom_details", JsonShape.FreeObject))
        .Optional("client", JsonShape.Text()).Optional("client_url", JsonShape.Url)
        .Optional("links", JsonShape.ListOf(new JsonShape().Required("href", JsonShape.Url).Optional("text", JsonShape.Text())));

    public static IReadOnlyList<string> Errors(JsonElement message) => [.. Event.Errors(message, "$")];
}
