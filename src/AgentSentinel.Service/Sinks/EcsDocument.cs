using System.Buffers;
using System.Text.Json;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Taxonomy;

namespace AgentSentinel.Service.Sinks;

/// <summary>An alert as a document of the Elastic Common Schema; what the schema has no field for is below <c>agentsentinel</c>.</summary>
internal static class EcsDocument
{
    public const string SchemaVersion = "9.4.0";

    private const int MaxKeyword = 1024; // longer keywords are not indexed
    private const int MaxText = 4000;

    public static byte[] Write(Alert alert, string? consoleUrl)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, alert, consoleUrl);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Alert alert, string? consoleUrl)
    {
        var tags = ThreatTags.Of(alert.Evidence);
        json.WriteStartObject();
        json.WriteString("@timestamp", alert.Time);
        json.WriteString("message", IncidentText.SummaryOf(alert, MaxText));
        WriteStrings(json, "tags", tags.Select(tag => tag.Label));
        json.WriteStartObject("ecs");
        json.WriteString("version", SchemaVersion);
        json.WriteEndObject();
        WriteEvent(json, alert, consoleUrl);
        json.WriteStartObject("observer");
        json.WriteString("vendor", Product.Name);
        json.WriteString("product", Product.Name);
        json.WriteString("version", Product.Version);
        json.WriteEndObject();
        json.WriteStartObject("gen_ai");
        json.WriteStartObject("agent");
        json.WriteString("id", Keyword(alert.AgentId));
        json.WriteEndObject();
        json.WriteEndObject();
        if (alert.Evidence is [var strongest, ..])
        {
            json.WriteStartObject("rule");
            json.WriteString("id", $"{strongest.Detector}/{strongest.Feature}");
            json.WriteString("name", strongest.Unit);
            json.WriteEndObject();
        }

        WriteThreat(json, tags);
        WriteOwn(json, alert);
        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, Alert alert, string? consoleUrl)
    {
        var isConfirmed = alert.Kind == AlertKind.SuspensionConfirmed;
        json.WriteStartObject("event");
        json.WriteString("kind", "alert");
        WriteStrings(json, "category", alert.SuspensionId is null ? ["intrusion_detection"] : ["intrusion_detection", "iam"]);
        WriteStrings(json, "type", isConfirmed ? ["info", "denied"] : ["info"]);
        json.WriteString("action", IncidentText.CodeOf(alert.Kind));
        if (isConfirmed || alert.Kind is AlertKind.SuspensionUndeliverable or AlertKind.SuspensionContradicted)
        {
            json.WriteString("outcome", isConfirmed ? "success" : "failure");
        }

        json.WriteNumber("severity", alert.Severity switch { Severity.Low => 21, Severity.Medium => 47, Severity.High => 73, _ => 99 });
        json.WriteNumber("risk_score", alert.Risk);
        json.WriteString("id", alert.Id);
        json.WriteString("dataset", "agentsentinel.alerts");
        json.WriteString("module", "agentsentinel");
        json.WriteString("provider", Product.Name);
        if (alert is { FirstEventTime: { } first, LastEventTime: { } last })
        {
            json.WriteString("start", first);
            json.WriteString("end", last);
        }

        if (IncidentText.LinkTo(consoleUrl, alert.IncidentId) is { } link)
        {
            json.WriteString("url", link);
        }

        json.WriteEndObject();
    }

    /// <summary>The schema has one framework per document: ATT&amp;CK; the others are in the tags.</summary>
    private static void WriteThreat(Utf8JsonWriter json, IReadOnlyList<ThreatTag> tags)
    {
        var attack = tags.Where(tag => tag.Taxonomy == "attack").ToArray();
        if (attack is not [var any, ..])
        {
            return;
        }

        json.WriteStartObject("threat");
        json.WriteString("framework", any.TaxonomyName);
        json.WriteStartObject("tactic");
        WriteStrings(json, "id", attack.Select(tag => tag.TacticId!).Distinct());
        WriteStrings(json, "name", attack.Select(tag => tag.TacticName!).Distinct());
        json.WriteEndObject();
        json.WriteStartObject("technique");
        WriteStrings(json, "id", attack.Select(tag => tag.Id.Split('.')[0]).Distinct());
        WriteStrings(json, "name", attack.Select(tag => tag.ParentName ?? tag.Name).Distinct());
        if (attack.Where(tag => tag.ParentName is not null).ToArray() is { Length: > 0 } below)
        {
            json.WriteStartObject("subtechnique");
            WriteStrings(json, "id", below.Select(tag => tag.Id));
            WriteStrings(json, "name", below.Select(tag => tag.Name));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteOwn(Utf8JsonWriter json, Alert alert)
    {
        json.WriteStartObject("agentsentinel");
        json.WriteString("incident_id", IncidentMessage.KeyOf(alert));
        if (alert.SuspensionId is { } suspension)
        {
            json.WriteString("suspension_id", suspension);
        }

        json.WriteNumber("anomalies", alert.Anomalies);
        json.WriteStartArray("evidence");
        foreach (var evidence in alert.Evidence)
        {
            json.WriteStartObject();
            json.WriteString("detector", evidence.Detector);
            json.WriteString("feature", evidence.Feature);
            json.WriteNumber("observed", evidence.Observed);
            json.WriteNumber("expected_low", evidence.ExpectedLow);
            json.WriteNumber("expected_high", evidence.ExpectedHigh);
            json.WriteNumber("score", evidence.Score);
            json.WriteString("explanation", IncidentText.Cut(PlainText.Of(evidence.Explanation), MaxText));
            if (evidence.Dimension is { } dimension)
            {
                json.WriteString("dimension", Keyword(dimension));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Keyword(string text) => IncidentText.Cut(text, MaxKeyword);

    private static void WriteStrings(Utf8JsonWriter json, string property, IEnumerable<string> values)
    {
        json.WriteStartArray(property);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
