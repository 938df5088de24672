using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Simulator;

/// <summary>Writes a simulated call as version 1 of the tool-call event, at the metadata level: no arguments, results or content.</summary>
public static class SimulatedCallJson
{
    private const int LongestId = 40;
    private const int SpanIdDigits = 16;

    private static readonly JsonEncodedText s_id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText s_time = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText s_agentId = JsonEncodedText.Encode("agent_id");
    private static readonly JsonEncodedText s_kind = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText s_tool = JsonEncodedText.Encode("tool");
    private static readonly JsonEncodedText s_toolServer = JsonEncodedText.Encode("tool_server");
    private static readonly JsonEncodedText s_action = JsonEncodedText.Encode("action");
    private static readonly JsonEncodedText s_resources = JsonEncodedText.Encode("resources");
    private static readonly JsonEncodedText s_status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText s_error = JsonEncodedText.Encode("error");
    private static readonly JsonEncodedText s_records = JsonEncodedText.Encode("records");
    private static readonly JsonEncodedText s_requestBytes = JsonEncodedText.Encode("request_bytes");
    private static readonly JsonEncodedText s_resultBytes = JsonEncodedText.Encode("result_bytes");
    private static readonly JsonEncodedText s_durationMs = JsonEncodedText.Encode("duration_ms");
    private static readonly JsonEncodedText s_tokens = JsonEncodedText.Encode("tokens");
    private static readonly JsonEncodedText s_sessionId = JsonEncodedText.Encode("session_id");
    private static readonly JsonEncodedText s_traceId = JsonEncodedText.Encode("trace_id");
    private static readonly JsonEncodedText s_spanId = JsonEncodedText.Encode("span_id");
    private static readonly JsonEncodedText s_parentSpanId = JsonEncodedText.Encode("parent_span_id");
    private static readonly JsonEncodedText s_principal = JsonEncodedText.Encode("principal");
    private static readonly JsonEncodedText s_credentialId = JsonEncodedText.Encode("credential_id");
    private static readonly JsonEncodedText s_agentVersion = JsonEncodedText.Encode("agent_version");
    private static readonly JsonEncodedText s_resultSource = JsonEncodedText.Encode("result_source");
    private static readonly JsonEncodedText s_labels = JsonEncodedText.Encode("labels");
    private static readonly JsonEncodedText s_incident = JsonEncodedText.Encode("incident");
    private static readonly JsonEncodedText s_incidentId = JsonEncodedText.Encode("incident_id");
    private static readonly JsonEncodedText s_attackCall = JsonEncodedText.Encode("attack_call");

    /// <summary>Appends one compact JSON object, without a newline.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="call">The call.</param>
    public static void Write(IBufferWriter<byte> output, in SimulatedCall call)
    {
        // The writer writes no comment, no raw value and nothing out of order: checking each token would only cost time.
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        WriteCall(json, call);
        WriteLabels(json, call);
        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, in SimulatedCall call)
    {
        WriteId(json, call);
        json.WriteString(s_time, call.Time.UtcDateTime);
        json.WriteString(s_agentId, call.AgentId);
        json.WriteString(s_kind, call.Kind == CallKind.Request ? "request"u8 : "tool_call"u8);
        if (call.Tool is SimulatedTool tool)
        {
            json.WriteString(s_tool, tool.Name);
            json.WriteString(s_toolServer, tool.Server);
            json.WriteString(s_action, NameOf(tool.Action));
            WriteResources(json, call.Resources);
            json.WriteString(s_status, NameOf(call.Status));
            if (call.Error is string error)
            {
                json.WriteString(s_error, error);
            }
        }

        WriteSize(json, s_records, call.Records);
        json.WriteNumber(s_requestBytes, call.RequestBytes);
        WriteSize(json, s_resultBytes, call.ResultBytes);
        WriteSize(json, s_durationMs, call.DurationMs);
        json.WriteNumber(s_tokens, call.Tokens);
        json.WriteString(s_sessionId, call.SessionId);
        json.WriteString(s_traceId, call.TraceId);
        WriteSpan(json, s_spanId, call.SpanId);
        if (call.ParentSpanId != 0)
        {
            WriteSpan(json, s_parentSpanId, call.ParentSpanId);
        }

        json.WriteString(s_principal, call.Principal);
        json.WriteString(s_credentialId, call.CredentialId);
        json.WriteString(s_agentVersion, call.AgentVersion);
        if (call.Tool is { ResultSource: not SourceTrust.Unknown })
        {
            json.WriteString(s_resultSource, NameOf(call.Tool.ResultSource));
        }
    }

    private static void WriteLabels(Utf8JsonWriter json, in SimulatedCall call)
    {
        json.WriteStartObject(s_labels);
        json.WriteString(s_kind, call.Incident is null ? "benign"u8 : "attack"u8);
        if (call.Incident is PlannedIncident incident)
        {
            json.WriteString(s_incident, incident.KindName);
            json.WriteString(s_incidentId, incident.Id);
        }

        json.WriteBoolean(s_attackCall, call.IsAttackCall);
        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, in SimulatedCall call)
    {
        // Same text as SimulatedCall.Id, without making a string of it.
        Span<byte> id = stackalloc byte[LongestId];
        System.Text.Unicode.Utf8.TryWrite(
            id, CultureInfo.InvariantCulture, $"a{call.AgentOrdinal:d4}-{call.Sequence:d8}", out int written);
        json.WriteString(s_id, id[..written]);
    }

    private static void WriteSpan(Utf8JsonWriter json, JsonEncodedText name, ulong span)
    {
        Span<byte> digits = stackalloc byte[SpanIdDigits];
        span.TryFormat(digits, out int written, "x16", CultureInfo.InvariantCulture);
        json.WriteString(name, digits[..written]);
    }

    private static void WriteResources(Utf8JsonWriter json, IReadOnlyList<string> resources)
    {
        if (resources.Count == 0)
        {
            return;
        }

        json.WriteStartArray(s_resources);
        for (int i = 0; i < resources.Count; i++)
        {
            json.WriteStringValue(resources[i]);
        }

        json.WriteEndArray();
    }

    private static void WriteSize(Utf8JsonWriter json, JsonEncodedText name, long? size)
    {
        if (size is long value)
        {
            json.WriteNumber(name, value);
        }
    }

    private static ReadOnlySpan<byte> NameOf(ToolAction action) => action switch
    {
        ToolAction.Read => "read"u8,
        ToolAction.Write => "write"u8,
        ToolAction.Delete => "delete"u8,
        ToolAction.Execute => "execute"u8,
        ToolAction.Send => "send"u8,
        ToolAction.Admin => "admin"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "A simulated tool needs an action."),
    };

    private static ReadOnlySpan<byte> NameOf(CallStatus status) => status switch
    {
        CallStatus.Ok => "ok"u8,
        CallStatus.Error => "error"u8,
        CallStatus.Denied => "denied"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Status without a name."),
    };

    private static ReadOnlySpan<byte> NameOf(SourceTrust source) => source switch
    {
        SourceTrust.Trusted => "trusted"u8,
        SourceTrust.Internal => "internal"u8,
        SourceTrust.External => "external"u8,
        SourceTrust.Untrusted => "untrusted"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Source without a name."),
    };
}
