using System.Text;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Events;

/// <summary>Records to decode, and the answer as one text that can be compared.</summary>
internal static class SomeRecord
{
    internal const string Minimal = """{"id":"c1","time":"2025-03-03T00:00:14.171Z","agent_id":"billing","tool":"crm.get_contact"}""";

    internal const string Request = """{"id":"c0","kind":"request","time":"2025-03-03T00:00:13Z","agent_id":"billing","trace_id":"ddb4f2f200247ac6","content":"Find Emma"}""";

    internal const string Full = """
        {"id":"c2","time":"2025-03-03T02:00:14.171+02:00","agent_id":"billing","kind":"tool_call","tool":"crm.export_contacts","tool_server":"mcp://crm",
        "action":"send","resources":["crm:contacts","mailto:emma@example.com"],"status":"denied","error":"quota","records":12,"request_bytes":340,
        "result_bytes":5600.5,"duration_ms":1.25e2,"tokens":0,"session_id":"s1","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7",
        "parent_span_id":"00F067AA0BA902B8","principal":"emma","credential_id":"key-7","agent_version":"v3","approval_id":"a9","result_source":"external",
        "arguments":{"fields":["name","mail"],"limit":{"n":1}},"result":"{\"ok\": true} \ud83d\ude00","content":"hello",
        "argument_origins":[{"argument":"limit","value":"1","origins":["request"]}],"labels":{"attack":true}}
        """;

    /// <summary>All that injected text can do to a call: halves of pairs, line breaks, over-length, more resources than are kept.</summary>
    internal static readonly string Injected = With(
        "\"error\":\"\\ud83d" + string.Concat(Enumerable.Repeat("\\ud83d\\ude00\\n", 90)) + "\",\"arguments\":{\"a\":\"\\udc00\"},\"resources\":[\"\",\"\\ud83d\\n\","
        + string.Concat(Enumerable.Range(0, 63).Select(i => $"\"r{i}\",")) + "\"\",\"\\ude00\",\"last\"]");

    internal static readonly DateTimeOffset ReceivedAt = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The minimal record with more fields at its end.</summary>
    internal static string With(string fields) => Minimal[..^1] + "," + fields + "}";

    /// <summary>The minimal record with one of its values replaced.</summary>
    internal static string Replace(string field, string value)
    {
        int start = Minimal.IndexOf($"\"{field}\":", StringComparison.Ordinal) + field.Length + 3;
        int end = Minimal.IndexOf('"', start + 1) + 1;
        return Minimal[..start] + value + Minimal[end..];
    }

    internal static ToolCall Decode(string json) => Decode(Encoding.UTF8.GetBytes(json));

    internal static ToolCall Decode(ReadOnlyMemory<byte> utf8)
    {
        var call = new ToolCall();
        Assert.True(new ToolCallDecoder(new DecoderOptions()).TryDecode(utf8, ReceivedAt, call, out DecodeError error), error.ToString());
        Assert.Equal(default, error);
        return call;
    }

    internal static DecodeError Refuse(string json) => Refuse(Encoding.UTF8.GetBytes(json));

    internal static DecodeError Refuse(ReadOnlyMemory<byte> utf8)
    {
        var call = new ToolCall();
        Assert.False(new ToolCallDecoder(new DecoderOptions()).TryDecode(utf8, ReceivedAt, call, out DecodeError error), "The record is accepted.");
        Assert.NotEqual(DecodeErrorReason.None, error.Reason);
        Assert.Equal(Show(new ToolCall()), Show(call));
        return error;
    }

    /// <summary>What a decoder answers: the call, or the refusal.</summary>
    internal static string Answer(ToolCallDecoder decoder, ReadOnlyMemory<byte> utf8, ToolCall call) =>
        decoder.TryDecode(utf8, ReceivedAt, call, out DecodeError error) ? Show(call) : error.ToString();

    internal static string Answer(ReadOnlyMemory<byte> utf8) => Answer(new ToolCallDecoder(new DecoderOptions()), utf8, new ToolCall());

    /// <summary>Everything that a call tells.</summary>
    internal static string Show(ToolCall call) => string.Join('\n', typeof(ToolCall).GetProperties()
        .Where(property => property.Name != nameof(ToolCall.Resources))
        .Select(property => $"{property.Name}={Show(property.GetValue(call))}")
        .Append("Resources=" + string.Join('|', call.Resources.ToArray())));

    internal static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    private static string? Show(object? value) => value switch
    {
        null => "null",
        ReadOnlyMemory<byte> slice => "'" + Text(slice) + "'",
        DateTimeOffset time => time.ToString("O"),
        string text => "'" + text + "'",
        _ => value.ToString(),
    };
}
