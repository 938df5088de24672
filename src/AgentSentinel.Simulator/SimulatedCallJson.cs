using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Content;

namespace AgentSentinel.Simulator;

/// <summary>Writes a simulated call as version 1 of the tool-call event: metadata, and content where it is asked for.</summary>
public static class SimulatedCallJson
{
    private const int LongestId = 40;
    private const int SpanIdDigits = 16;

    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText AgentId = JsonEncodedText.Encode("agent_id");
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText Tool = JsonEncodedText.Encode("tool");
    private static readonly JsonEncodedText ToolServer = JsonEncodedText.Encode("tool_server");
    private static readonly JsonEncodedText Action = JsonEncodedText.Encode("action");
    private static readonly JsonEncodedText Resources = JsonEncodedText.Encode("resources");
    private static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText Error = JsonEncodedText.Encode("error");
    private static readonly JsonEncodedText Records = JsonEncodedText.Encode("records");
    private static readonly JsonEncodedText RequestBytes = JsonEncodedText.Encode("request_bytes");
    private static readonly JsonEncodedText ResultBytes = JsonEncodedText.Encode("result_bytes");
    private static readonly JsonEncodedText DurationMs = JsonEncodedText.Encode("duration_ms");
    private static readonly JsonEncodedText Tokens = JsonEncodedText.Encode("tokens");
    private static readonly JsonEncodedText SessionId = JsonEncodedText.Encode("session_id");
    private static readonly JsonEncodedText TraceId = JsonEncodedText.Encode("trace_id");
    private static readonly JsonEncodedText SpanId = JsonEncodedText.Encode("span_id");
    private static readonly JsonEncodedText ParentSpanId = JsonEncodedText.Encode("parent_span_id");
    private static readonly JsonEncodedText Principal = JsonEncodedText.Encode("principal");
    private static readonly JsonEncodedText CredentialId = JsonEncodedText.Encode("credential_id");
    private static readonly JsonEncodedText AgentVersion = JsonEncodedText.Encode("agent_version");
    private static readonly JsonEncodedText ResultSource = JsonEncodedText.Encode("result_source");
    private static readonly JsonEncodedText Labels = JsonEncodedText.Encode("labels");
    private static readonly JsonEncodedText AgentKind = JsonEncodedText.Encode("agent_kind");
    private static readonly JsonEncodedText PeerGroup = JsonEncodedText.Encode("peer_group");
    private static readonly JsonEncodedText Partner = JsonEncodedText.Encode("partner");
    private static readonly JsonEncodedText Disturbance = JsonEncodedText.Encode("disturbance");
    private static readonly JsonEncodedText Incident = JsonEncodedText.Encode("incident");
    private static readonly JsonEncodedText IncidentId = JsonEncodedText.Encode("incident_id");
    private static readonly JsonEncodedText AttackCall = JsonEncodedText.Encode("attack_call");

    /// <summary>Appends one compact JSON object, without a newline.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="call">The call.</param>
    /// <param name="withContent">Whether to write arguments, result and the content of requests.</param>
    public static void Write(IBufferWriter<byte> output, in SimulatedCall call, bool withContent = false)
    {
        // The writer writes no comment, no raw value and nothing out of order: checking each token would only cost time.
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        WriteCall(json, call);
        if (withContent)
        {
            CallContent.Write(json, call);
        }

        WriteLabels(json, call);
        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, in SimulatedCall call)
    {
        WriteId(json, call);
        json.WriteString(Time, call.Time.UtcDateTime);
        json.WriteString(AgentId, call.AgentId);
        json.WriteString(Kind, call.Kind == CallKind.Request ? "request"u8 : "tool_call"u8);
        if (call.Tool is SimulatedTool tool)
        {
            json.WriteString(Tool, tool.Name);
            json.WriteString(ToolServer, tool.Server);
            json.WriteString(Action, NameOf(tool.Action));
            WriteResources(json, call.Resources);
            json.WriteString(Status, NameOf(call.Status));
            if (call.Error is string error)
            {
                json.WriteString(Error, error);
            }
        }

        WriteSize(json, Records, call.Records);
        json.WriteNumber(RequestBytes, call.RequestBytes);
        WriteSize(json, ResultBytes, call.ResultBytes);
        WriteSize(json, DurationMs, call.DurationMs);
        json.WriteNumber(Tokens, call.Tokens);
        json.WriteString(SessionId, call.SessionId);
        json.WriteString(TraceId, call.TraceId);
        WriteSpan(json, SpanId, call.SpanId);
        if (call.ParentSpanId != 0)
        {
            WriteSpan(json, ParentSpanId, call.ParentSpanId);
        }

        json.WriteString(Principal, call.Principal);
        json.WriteString(CredentialId, call.CredentialId);
        json.WriteString(AgentVersion, call.AgentVersion);
        if (call.Tool is { ResultSource: not SourceTrust.Unknown })
        {
            json.WriteString(ResultSource, NameOf(call.Tool.ResultSource));
        }
    }

    private static void WriteLabels(Utf8JsonWriter json, in SimulatedCall call)
    {
        json.WriteStartObject(Labels);
        json.WriteString(Kind, call.Incident is null ? "benign"u8 : "attack"u8);
        json.WriteString(AgentKind, KindNames.LabelOf(call.Agent.Habit));
        json.WriteString(PeerGroup, call.Agent.PeerGroup);

        if (call.Incident is PlannedIncident incident)
        {
            json.WriteString(Incident, incident.KindName);
            json.WriteString(IncidentId, incident.Id);
            if (incident.PartnerId is string partner)
            {
                json.WriteString(Partner, partner);
            }
        }

        if (call.Disturbance is PlannedIncident disturbance)
        {
            json.WriteString(Disturbance, disturbance.KindName);
        }

        json.WriteBoolean(AttackCall, call.IsAttackCall);
        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, in SimulatedCall call)
    {
        // Same text as SimulatedCall.Id, without making a string of it.
        Span<byte> id = stackalloc byte[LongestId];
        System.Text.Unicode.Utf8.TryWrite(
            id, CultureInfo.InvariantCulture, $"a{call.AgentOrdinal:d4}-{call.Sequence:d8}", out int written);
        json.WriteString(Id, id[..written]);
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

        json.WriteStartArray(Resources);
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
