using System.Buffers;
using System.Text.Json;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.Sinks;

/// <summary>
/// An incident as an Adaptive Card 1.4 in a Teams message. TextBlock and FactSet read Markdown, whose escapes Teams does not honour everywhere; all
/// text is in TextRuns, which do not.
/// </summary>
internal static class TeamsCard
{
    /// <summary>Teams refuses messages over about 28 KB.</summary>
    public const int MaxBytes = 28_000;

    private const int MaxLine = 500;
    private const int MostEvidence = 5;

    /// <summary>The picture is left out when the message would become too long with it.</summary>
    public static byte[] Write(IncidentMessage message, string? consoleUrl, byte[]? png)
    {
        var withPicture = png is null ? null : WriteCard(message, consoleUrl, png, MaxLine);
        if (withPicture is { Length: <= MaxBytes })
        {
            return withPicture;
        }

        // Escapes of hostile text can make a line six times as long.
        var card = WriteCard(message, consoleUrl, null, MaxLine);
        return card.Length <= MaxBytes ? card : WriteCard(message, consoleUrl, null, MaxLine / 6);
    }

    private static byte[] WriteCard(IncidentMessage message, string? consoleUrl, byte[]? png, int maxLine)
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "message");
            json.WriteStartArray("attachments");
            json.WriteStartObject();
            json.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
            json.WriteStartObject("content");
            json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
            json.WriteString("type", "AdaptiveCard");
            json.WriteString("version", "1.4");
            WriteBody(json, message, png, maxLine);
            if (IncidentText.LinkTo(consoleUrl, message.Latest.IncidentId) is { } link)
            {
                json.WriteStartArray("actions");
                json.WriteStartObject();
                json.WriteString("type", "Action.OpenUrl");
                json.WriteString("title", "Open incident");
                json.WriteString("url", link);
                json.WriteEndObject();
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteBody(Utf8JsonWriter json, IncidentMessage message, byte[]? png, int maxLine)
    {
        json.WriteStartArray("body");
        WriteText(json, IncidentText.TitleOf(message, Math.Min(200, maxLine)), isTitle: true, message.Severity switch
        {
            Severity.Critical or Severity.High => "attention",
            Severity.Medium => "warning",
            _ => "default",
        });
        WriteText(json, IncidentText.SummaryOf(message.Latest, maxLine));
        if (png is not null)
        {
            json.WriteStartObject();
            json.WriteString("type", "Image");
            json.WriteString("url", $"data:image/png;base64,{Convert.ToBase64String(png)}");
            json.WriteString("altText", "Observed against expected");
            json.WriteEndObject();
        }

        foreach (var (name, value) in IncidentText.FactsOf(message, maxLine))
        {
            WriteText(json, $"{name}: {value}");
        }

        foreach (var line in IncidentText.EvidenceOf(message, MostEvidence, maxLine))
        {
            WriteText(json, line);
        }

        foreach (var line in message.Steps.Count > 1 ? IncidentText.StepsOf(message, maxLine) : [])
        {
            WriteText(json, line);
        }

        if (IncidentText.TagsOf(message, maxLine * 2) is { Length: > 0 } tags)
        {
            WriteText(json, tags);
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string text, bool isTitle = false, string color = "default")
    {
        json.WriteStartObject();
        json.WriteString("type", "RichTextBlock");
        json.WriteStartArray("inlines");
        json.WriteStartObject();
        json.WriteString("type", "TextRun");
        json.WriteString("text", text);
        if (isTitle)
        {
            json.WriteString("size", "large");
            json.WriteString("weight", "bolder");
            json.WriteString("color", color);
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
