using System.Buffers;
using System.Text.Json;

namespace AgentSentinel.Service.Sinks;

/// <summary>An incident in Block Kit. All text is plain_text, where nothing is markup or a mention; only the fallback for notifications is read as mrkdwn and escaped.</summary>
internal static class SlackBlocks
{
    private const int MaxHeader = 150;
    private const int MaxField = 2000;
    private const int MaxSection = 3000;
    private const int MaxFields = 10;
    private const int MostEvidence = 5;
    private const int MaxLine = 350; // eight steps fit a section

    /// <param name="message">The incident.</param>
    /// <param name="consoleUrl">For the link, or null.</param>
    /// <param name="channel">Where to; null for an incoming webhook, which knows.</param>
    /// <param name="ts">The message to update, or null.</param>
    public static byte[] Write(IncidentMessage message, string? consoleUrl, string? channel, string? ts)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (channel is not null)
            {
                json.WriteString("channel", channel);
            }

            if (ts is not null)
            {
                json.WriteString("ts", ts);
            }

            json.WriteString("text", Escape(IncidentText.TitleOf(message, MaxHeader)));
            json.WriteBoolean("unfurl_links", false);
            json.WriteBoolean("unfurl_media", false);
            WriteBlocks(json, message, consoleUrl);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteBlocks(Utf8JsonWriter json, IncidentMessage message, string? consoleUrl)
    {
        json.WriteStartArray("blocks");
        json.WriteStartObject();
        json.WriteString("type", "header");
        WriteText(json, "text", IncidentText.TitleOf(message, MaxHeader));
        json.WriteEndObject();

        WriteSection(json, IncidentText.SummaryOf(message.Latest, MaxSection));
        json.WriteStartObject();
        json.WriteString("type", "section");
        json.WriteStartArray("fields");
        foreach (var (name, value) in IncidentText.FactsOf(message, MaxField - 40).Take(MaxFields))
        {
            WriteText(json, null, $"{name}: {value}");
        }

        json.WriteEndArray();
        json.WriteEndObject();

        if (IncidentText.EvidenceOf(message, MostEvidence, MaxLine) is { Count: > 0 } evidence)
        {
            WriteSection(json, IncidentText.Cut(string.Join('\n', evidence), MaxSection));
        }

        if (message.Steps.Count > 1)
        {
            WriteSection(json, IncidentText.Cut(string.Join('\n', IncidentText.StepsOf(message, MaxLine)), MaxSection));
        }

        if (IncidentText.TagsOf(message, MaxField) is { Length: > 0 } tags)
        {
            json.WriteStartObject();
            json.WriteString("type", "context");
            json.WriteStartArray("elements");
            WriteText(json, null, tags);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        if (IncidentText.LinkTo(consoleUrl, message.Latest.IncidentId) is { } link)
        {
            json.WriteStartObject();
            json.WriteString("type", "actions");
            json.WriteStartArray("elements");
            json.WriteStartObject();
            json.WriteString("type", "button");
            WriteText(json, "text", "Open incident");
            json.WriteString("url", link);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSection(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "section");
        WriteText(json, "text", text);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string? property, string text)
    {
        if (property is null)
        {
            json.WriteStartObject();
        }
        else
        {
            json.WriteStartObject(property);
        }

        json.WriteString("type", "plain_text");
        json.WriteString("text", text.Length == 0 ? " " : text);
        json.WriteBoolean("emoji", false);
        json.WriteEndObject();
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
