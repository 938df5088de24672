using System.Text.Json;

namespace AgentSentinel.Service.Tests.Sinks.Formats;

/// <summary>Block Kit's limits, for the blocks we use; mrkdwn text is refused in blocks, since telemetry must not be in it.</summary>
internal static class SlackSchema
{
    private static readonly JsonShape Message = new JsonShape()
        .Required("text", JsonShape.Text(maxLength: 40_000, minLength: 1))
        .Required("blocks", JsonShape.ListOf(JsonShape.ByType("type", new()
        {
            ["header"] = Block("header").Required("text", PlainText(150)),
            ["section"] = Block("section").Optional("text", PlainText(3000)).Optional("fields", JsonShape.ListOf(PlainText(2000), 1, 10)),
            ["context"] = Block("context").Required("elements", JsonShape.ListOf(PlainText(2000), 1, 10)),
            ["actions"] = Block("actions").Required("elements", JsonShape.ListOf(
                Block("button").Required("text", PlainText(75)).Required("url", (value, path) => JsonShape.Url(value, path).Concat(JsonShape.Text(3000)(value, path))), 1, 25)),
        }), 1, 50))
        .Optional("unfurl_links", JsonShape.Flag).Optional("unfurl_media", JsonShape.Flag)
        .Optional("channel", JsonShape.Text(minLength: 1)).Optional("ts", JsonShape.Text(minLength: 1));

    public static IReadOnlyList<string> Errors(JsonElement message)
    {
        var errors = Message.Errors(message, "$").ToList();

        // The one text that is read as mrkdwn: no angle bracket may be left, and an ampersand only as part of an escape.
        var fallback = message.GetProperty("text").GetString()!;
        if (fallback.AsSpan().ContainsAny('<', '>') || fallback.Replace("&amp;", "", StringComparison.Ordinal).Replace("&lt;", "", StringComparison.Ordinal).Replace("&gt;", "", StringComparison.Ordinal).Contains('&', StringComparison.Ordinal))
        {
            errors.Add("$.text: not escaped");
        }

        return errors;
    }

    private static JsonShape Block(string type) => new JsonShape().Required("type", JsonShape.OneOf(type));

    private static JsonShape PlainText(int max) => Block("plain_text").Required("text", JsonShape.Text(max, 1)).Optional("emoji", JsonShape.Flag);
}
