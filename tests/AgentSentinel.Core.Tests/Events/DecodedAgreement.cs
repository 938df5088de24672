using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Events;

/// <summary>A second reading of a record, by <see cref="JsonDocument"/>: slow, and by nobody who wrote the decoder.</summary>
internal static partial class DecodedAgreement
{
    internal static void Check(JsonElement record, ToolCall call)
    {
        Assert.Equal(Text(record, "id"), call.Id);
        Assert.Equal(Text(record, "agent_id"), call.AgentId);
        Assert.Equal(Text(record, "kind") == "request" ? CallKind.Request : CallKind.ToolCall, call.Kind);
        Assert.Equal(call.Kind == CallKind.Request ? "" : Text(record, "tool"), call.Tool);
        Assert.Equal(Text(record, "tool_server"), call.ToolServer);
        Assert.Equal(Find(record, "error") is { } error && Clean(error, 256) is { Length: > 0 } cleaned ? cleaned : null, call.Error);
        Assert.Equal(Text(record, "principal"), call.Principal);
        Assert.Equal(Text(record, "credential_id"), call.CredentialId);
        Assert.Equal(Text(record, "agent_version"), call.AgentVersion);
        Assert.Equal(Text(record, "approval_id"), call.ApprovalId);
        Assert.Equal(Text(record, "session_id") ?? Text(record, "trace_id"), call.SessionId);
        Assert.Equal(Text(record, "trace_id") ?? "", SomeRecord.Text(call.TraceId));
        Assert.Equal(Text(record, "span_id") ?? "", SomeRecord.Text(call.SpanId));
        Assert.Equal(Text(record, "parent_span_id") ?? "", SomeRecord.Text(call.ParentSpanId));
        Assert.Equal(Text(record, "status") ?? "ok", Word(call.Status));
        Assert.Equal(Text(record, "result_source") ?? "unknown", Word(call.ResultSource));
        if (Text(record, "action") is { } action)
        {
            Assert.Equal(action, Word(call.Action));
        }

        Assert.Equal(Number(record, "records"), call.Records);
        Assert.Equal(Number(record, "request_bytes"), call.RequestBytes);
        Assert.Equal(Number(record, "result_bytes"), call.ResultBytes);
        Assert.Equal(Number(record, "duration_ms"), call.DurationMs);
        Assert.Equal(Number(record, "tokens"), call.Tokens);
        Assert.Equal(Raw(record, "arguments"), SomeRecord.Text(call.Arguments));
        Assert.Equal(Raw(record, "result"), SomeRecord.Text(call.Result));
        Assert.Equal(Raw(record, "content"), SomeRecord.Text(call.Content));
        Assert.Equal(Raw(record, "argument_origins"), SomeRecord.Text(call.ArgumentOrigins));
        string[] resources = Resources(record);
        Assert.Equal(resources.Take(64), call.Resources.ToArray());
        Assert.Equal(resources.Length, call.ResourceCount);

        // What .NET's parser refuses (leap seconds, offsets over 14 hours) has its own table in Rfc3339Tests.
        if (DateTimeOffset.TryParse(Text(record, "time"), CultureInfo.InvariantCulture, out DateTimeOffset time))
        {
            // It rounds a fraction of more than seven digits; the decoder cuts it off.
            Assert.InRange(time.UtcTicks - call.Time.UtcTicks, 0, 1);
        }
    }

    private static string? Text(JsonElement record, string field) =>
        Find(record, field) is { } value && value.GetString() is { Length: > 0 } text ? text : null;

    // GetString throws on half a surrogate pair, so those are replaced where the text is still JSON.
    private static string Clean(JsonElement value, int length)
    {
        Assert.Equal(JsonValueKind.String, value.ValueKind);
        string json = Escape().Replace(value.GetRawText(), escape => escape.Groups["half"].Success ? "\\ufffd" : escape.Value);
        return Cut(string.Concat(JsonSerializer.Deserialize<string>(json)!.Select(c => char.IsControl(c) ? '\uFFFD' : c)), length);
    }

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsSurrogatePair(text, length - 1) ? length - 1 : length)];

    private static double? Number(JsonElement record, string field) => Find(record, field)?.GetDouble();

    private static string Raw(JsonElement record, string field) => Find(record, field)?.GetRawText() ?? "";

    private static string[] Resources(JsonElement record) =>
        Find(record, "resources") is { } items ? [.. items.EnumerateArray().Select(item => Clean(item, 1024)).Where(item => item.Length > 0)] : [];

    private static JsonElement? Find(JsonElement record, string field)
    {
        foreach (JsonProperty property in record.EnumerateObject())
        {
            if (IsNamed(property, field))
            {
                return property.Value.ValueKind == JsonValueKind.Null ? null : property.Value;
            }
        }

        return null;
    }

    private static bool IsNamed(JsonProperty property, string field)
    {
        try
        {
            return property.NameEquals(field);
        }
        catch (InvalidOperationException)
        {
            // A name with half a surrogate pair is no name of the contract; JsonDocument refuses to look at it.
            return false;
        }
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    [GeneratedRegex(@"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?<half>\\u[dD][89a-fA-F]..)|\\.", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
