namespace AgentSentinel.Core.Events;

/// <summary>The names of the event's fields.</summary>
internal static class EventFieldNames
{
    /// <summary>Length of the longest name, in bytes.</summary>
    internal const int MaxLength = 16;

    private static readonly string?[] Names =
    [
        null, "id", "time", "agent_id", "kind", "tool", "tool_server", "action", "resources", "status", "error",
        "records", "request_bytes", "result_bytes", "duration_ms", "tokens", "session_id", "trace_id", "span_id", "parent_span_id",
        "principal", "credential_id", "agent_version", "approval_id", "result_source",
        "arguments", "result", "content", "argument_origins", "labels",
    ];

    /// <summary>The field's name, or null for <see cref="EventField.Unknown"/>.</summary>
    internal static string? NameOf(EventField field) => Names[(int)field];

    /// <summary>The field of this name; <see cref="EventField.Unknown"/> when it is none of the contract's.</summary>
    /// <remarks>By length first: at most four comparisons, each a few machine words. A hash table would have to hash the name before.</remarks>
    internal static EventField Match(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => name.SequenceEqual("id"u8) ? EventField.Id : EventField.Unknown,
        4 => name.SequenceEqual("tool"u8) ? EventField.Tool
            : name.SequenceEqual("time"u8) ? EventField.Time
            : name.SequenceEqual("kind"u8) ? EventField.Kind
            : EventField.Unknown,
        5 => name.SequenceEqual("error"u8) ? EventField.Error : EventField.Unknown,
        6 => name.SequenceEqual("action"u8) ? EventField.Action
            : name.SequenceEqual("status"u8) ? EventField.Status
            : name.SequenceEqual("tokens"u8) ? EventField.Tokens
            : name.SequenceEqual("result"u8) ? EventField.Result
            : name.SequenceEqual("labels"u8) ? EventField.Labels
            : EventField.Unknown,
        7 => name.SequenceEqual("records"u8) ? EventField.Records
            : name.SequenceEqual("span_id"u8) ? EventField.SpanId
            : name.SequenceEqual("content"u8) ? EventField.Content
            : EventField.Unknown,
        8 => name.SequenceEqual("agent_id"u8) ? EventField.AgentId
            : name.SequenceEqual("trace_id"u8) ? EventField.TraceId
            : EventField.Unknown,
        9 => name.SequenceEqual("resources"u8) ? EventField.Resources
            : name.SequenceEqual("principal"u8) ? EventField.Principal
            : name.SequenceEqual("arguments"u8) ? EventField.Arguments
            : EventField.Unknown,
        10 => name.SequenceEqual("session_id"u8) ? EventField.SessionId : EventField.Unknown,
        11 => name.SequenceEqual("duration_ms"u8) ? EventField.DurationMs
            : name.SequenceEqual("tool_server"u8) ? EventField.ToolServer
            : name.SequenceEqual("approval_id"u8) ? EventField.ApprovalId
            : EventField.Unknown,
        12 => name.SequenceEqual("result_bytes"u8) ? EventField.ResultBytes : EventField.Unknown,
        13 => name.SequenceEqual("request_bytes"u8) ? EventField.RequestBytes
            : name.SequenceEqual("credential_id"u8) ? EventField.CredentialId
            : name.SequenceEqual("agent_version"u8) ? EventField.AgentVersion
            : name.SequenceEqual("result_source"u8) ? EventField.ResultSource
            : EventField.Unknown,
        14 => name.SequenceEqual("parent_span_id"u8) ? EventField.ParentSpanId : EventField.Unknown,
        16 => name.SequenceEqual("argument_origins"u8) ? EventField.ArgumentOrigins : EventField.Unknown,
        _ => EventField.Unknown,
    };
}
