using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Taxonomy;

namespace AgentSentinel.Service.Sinks;

/// <summary>
/// An alert as an OCSF 1.8.0 Detection Finding (class 2004, profiles security_control and datetime). All alerts of an incident are one
/// finding, known by <c>finding_info.uid</c>: created, updated and closed.
/// </summary>
internal static class OcsfFinding
{
    public const string SchemaVersion = "1.8.0";

    private const int ClassUid = 2004;
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
        var activity = ActivityOf(alert);
        json.WriteStartObject();
        json.WriteNumber("activity_id", activity);
        json.WriteNumber("category_uid", ClassUid / 1000);
        json.WriteNumber("class_uid", ClassUid);
        json.WriteNumber("type_uid", (ClassUid * 100) + activity);
        WriteTime(json, "time", alert.Time);
        json.WriteNumber("severity_id", (int)alert.Severity + 2);
        json.WriteNumber("status_id", alert.Kind switch { AlertKind.Opened or AlertKind.SuspensionProposed => 1, AlertKind.Closed => 4, _ => 2 });
        json.WriteNumber("risk_level_id", (int)alert.Severity + 1);
        json.WriteNumber("risk_score", (int)Math.Round(Math.Clamp(alert.Risk, 0, 1_000_000)));
        json.WriteBoolean("is_alert", true);

        // Denied and Access Revoked only once that is known; until then the activity was observed and an alert raised.
        var isRevoked = alert.Kind == AlertKind.SuspensionConfirmed;
        json.WriteNumber("action_id", isRevoked ? 2 : 3);
        json.WriteNumber("disposition_id", isRevoked ? 24 : 19);
        json.WriteString("message", IncidentText.SummaryOf(alert, MaxText));
        if (alert is { FirstEventTime: { } first, LastEventTime: { } last })
        {
            WriteTime(json, "start_time", first);
            WriteTime(json, "end_time", last);
        }

        if (alert.Anomalies > 0)
        {
            json.WriteNumber("count", alert.Anomalies);
        }

        var tags = ThreatTags.Of(alert.Evidence);
        WriteMetadata(json, alert, tags);
        WriteFindingInfo(json, alert, tags, consoleUrl);
        WriteAnalyses(json, alert);
        WriteEvidences(json, alert);
        if (alert.SuspensionId is not null)
        {
            json.WriteStartObject("remediation");
            json.WriteString("desc", IncidentText.Of(alert.Kind));
            json.WriteEndObject();
        }

        json.WriteStartObject("unmapped");
        json.WriteString("gen_ai.agent.id", alert.AgentId);
        json.WriteString("agentsentinel.alert_kind", IncidentText.CodeOf(alert.Kind));
        if (alert.SuspensionId is { } suspension)
        {
            json.WriteString("agentsentinel.suspension_id", suspension);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static int ActivityOf(Alert alert) => alert switch
    {
        { Kind: AlertKind.Opened } or { IncidentId: null, SuspensionId: null } => 1,
        { IncidentId: null, Kind: AlertKind.SuspensionProposed or AlertKind.SuspensionOrdered } => 1,
        { Kind: AlertKind.Closed } => 3,
        _ => 2,
    };

    private static void WriteMetadata(Utf8JsonWriter json, Alert alert, IReadOnlyList<ThreatTag> tags)
    {
        json.WriteStartObject("metadata");
        json.WriteString("version", SchemaVersion);
        json.WriteStartObject("product");
        json.WriteString("name", Product.Name);
        json.WriteString("vendor_name", Product.Name);
        json.WriteString("version", Product.Version);
        json.WriteEndObject();
        json.WriteStartArray("profiles");
        json.WriteStringValue("security_control");
        json.WriteStringValue("datetime");
        json.WriteEndArray();
        json.WriteString("uid", alert.Id);
        json.WriteString("correlation_uid", IncidentMessage.KeyOf(alert));
        json.WriteString("log_name", "agentsentinel.alerts");
        json.WriteStartArray("labels");
        foreach (var tag in tags)
        {
            json.WriteStringValue(tag.Label);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFindingInfo(Utf8JsonWriter json, Alert alert, IReadOnlyList<ThreatTag> tags, string? consoleUrl)
    {
        json.WriteStartObject("finding_info");
        json.WriteString("uid", IncidentMessage.KeyOf(alert));
        json.WriteString("title", $"{IncidentText.Of(alert.Kind)}: {PlainText.Of(alert.AgentId)}");
        json.WriteString("desc", IncidentText.SummaryOf(alert, MaxText));
        json.WriteStartArray("types");
        foreach (var detector in alert.Evidence.Select(e => e.Detector).Distinct())
        {
            json.WriteStringValue(detector);
        }

        json.WriteEndArray();
        if (alert is { FirstEventTime: { } first, LastEventTime: { } last })
        {
            WriteTime(json, "first_seen_time", first);
            WriteTime(json, "last_seen_time", last);
        }

        if (IncidentText.LinkTo(consoleUrl, alert.IncidentId) is { } link)
        {
            json.WriteString("src_url", link);
        }

        if (alert.Evidence is [var strongest, ..])
        {
            json.WriteStartObject("analytic");
            json.WriteString("uid", $"{strongest.Detector}/{strongest.Feature}");
            json.WriteString("name", strongest.Unit);
            json.WriteNumber("type_id", 3);
            json.WriteEndObject();
        }

        json.WriteStartArray("attacks");
        foreach (var tag in tags.Where(tag => tag.Taxonomy is "attack" or "atlas"))
        {
            WriteAttack(json, tag);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAttack(Utf8JsonWriter json, ThreatTag tag)
    {
        json.WriteStartObject();
        if (tag is { TacticId: { } tactic, TacticName: { } tacticName })
        {
            WriteNamed(json, "tactic", tactic, tacticName);
        }

        if (tag.ParentName is { } parent)
        {
            WriteNamed(json, "technique", tag.Id[..tag.Id.IndexOf('.', StringComparison.Ordinal)], parent);
            WriteNamed(json, "sub_technique", tag.Id, tag.Name);
        }
        else
        {
            WriteNamed(json, "technique", tag.Id, tag.Name);
        }

        json.WriteString("version", tag.Version);
        json.WriteEndObject();
    }

    private static void WriteNamed(Utf8JsonWriter json, string property, string uid, string name)
    {
        json.WriteStartObject(property);
        json.WriteString("uid", uid);
        json.WriteString("name", name);
        json.WriteEndObject();
    }

    private static void WriteAnalyses(Utf8JsonWriter json, Alert alert)
    {
        json.WriteStartArray("anomaly_analyses");
        foreach (var evidence in alert.Evidence)
        {
            json.WriteStartObject();
            json.WriteStartArray("analysis_targets");
            json.WriteStartObject();
            json.WriteString("name", alert.AgentId);
            json.WriteString("type", "ai_agent");
            json.WriteEndObject();
            json.WriteEndArray();
            WriteObservation(json, "baselines", evidence.Feature, "usual range", string.Create(CultureInfo.InvariantCulture, $"{evidence.ExpectedLow:G6}..{evidence.ExpectedHigh:G6}"));
            WriteObservation(json, "anomalies", evidence.Feature, evidence.Unit, evidence.Observed.ToString("G9", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteObservation(Utf8JsonWriter json, string property, string parameter, string type, string value)
    {
        json.WriteStartArray(property);
        json.WriteStartObject();
        json.WriteString("observation_parameter", parameter);
        json.WriteString("observation_type", type);
        json.WriteStartArray("observations");
        json.WriteStartObject();
        json.WriteString("value", value);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteEvidences(Utf8JsonWriter json, Alert alert)
    {
        json.WriteStartArray("evidences");
        foreach (var evidence in alert.Evidence)
        {
            json.WriteStartObject();
            json.WriteStartObject("actor");
            json.WriteString("app_uid", alert.AgentId);
            json.WriteEndObject();
            WriteData(json, evidence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The schema leaves this object's form to the product.</summary>
    private static void WriteData(Utf8JsonWriter json, Evidence evidence)
    {
        json.WriteStartObject("data");
        json.WriteString("detector", evidence.Detector);
        json.WriteString("feature", evidence.Feature);
        json.WriteNumber("observed", evidence.Observed);
        json.WriteNumber("expected_low", evidence.ExpectedLow);
        json.WriteNumber("expected_high", evidence.ExpectedHigh);
        json.WriteNumber("return_period_days", evidence.ReturnPeriodDays);
        json.WriteNumber("score", evidence.Score);
        json.WriteString("explanation", IncidentText.Cut(PlainText.Of(evidence.Explanation), MaxText));
        if (evidence.Dimension is { } dimension)
        {
            json.WriteString("dimension", dimension);
        }

        if (evidence.Caveat is { } caveat)
        {
            json.WriteString("caveat", PlainText.Of(caveat));
        }

        if (evidence.Counterfactual is { } counterfactual)
        {
            json.WriteString("counterfactual", PlainText.Of(counterfactual));
        }

        if (evidence.CausalChain is { } chain)
        {
            json.WriteStartArray("causal_chain");
            foreach (var link in chain)
            {
                json.WriteStringValue($"{link.Kind} ({link.Trust}): {PlainText.Of(link.Explanation)}");
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>A time as the schema wants it, in milliseconds, and readable as the datetime profile adds it.</summary>
    private static void WriteTime(Utf8JsonWriter json, string property, DateTimeOffset time)
    {
        json.WriteNumber(property, time.ToUnixTimeMilliseconds());
        json.WriteString(property + "_dt", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}
