using System.Buffers;
using System.Text.Json;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.Sinks;

/// <summary>An incident as an event of PagerDuty's Events API v2: a trigger, repeated as the incident changes, or its resolution.</summary>
internal static class PagerDutyEvent
{
    private const int MaxSummary = 1024;
    private const int MaxKey = 255;
    private const int MaxText = 2000;
    private const int MostEvidence = 8;

    public static byte[] Write(IncidentMessage message, string routingKey, string? consoleUrl)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("routing_key", routingKey);
            json.WriteString("event_action", message.IsClosed ? "resolve" : "trigger");
            json.WriteString("dedup_key", IncidentText.Cut(message.Key, MaxKey));
            WritePayload(json, message);
            json.WriteString("client", Product.Name);
            if (IncidentText.LinkTo(consoleUrl, message.Latest.IncidentId) is { } link)
            {
                json.WriteString("client_url", link);
                json.WriteStartArray("links");
                json.WriteStartObject();
                json.WriteString("href", link);
                json.WriteString("text", "Open incident");
                json.WriteEndObject();
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WritePayload(Utf8JsonWriter json, IncidentMessage message)
    {
        json.WriteStartObject("payload");
        json.WriteString("summary", IncidentText.Cut($"{IncidentText.TitleOf(message, MaxSummary)}: {PlainText.Of(message.Latest.Summary)}", MaxSummary));
        json.WriteString("source", IncidentText.Cut(PlainText.Of(message.Latest.AgentId), MaxKey));
        json.WriteString("severity", message.Severity switch
        {
            Severity.Critical => "critical",
            Severity.High => "error",
            Severity.Medium => "warning",
            _ => "info",
        });
        json.WriteString("timestamp", message.Latest.Time);
        if (message.Evidence is [var strongest, ..])
        {
            json.WriteString("component", strongest.Detector);
            json.WriteString("class", strongest.Feature);
        }

        json.WriteString("group", Product.Name);
        json.WriteStartObject("custom_details");
        foreach (var (name, value) in IncidentText.FactsOf(message, MaxText))
        {
            json.WriteString(name, value);
        }

        WriteLines(json, "Evidence", IncidentText.EvidenceOf(message, MostEvidence, MaxText));
        WriteLines(json, "Steps", IncidentText.StepsOf(message, MaxText));
        json.WriteString("Maps to", IncidentText.TagsOf(message, MaxText));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLines(Utf8JsonWriter json, string property, IReadOnlyList<string> lines)
    {
        json.WriteStartArray(property);
        foreach (var line in lines)
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
    }
}
