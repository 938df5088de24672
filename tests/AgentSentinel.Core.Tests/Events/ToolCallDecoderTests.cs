using System.Text;
using AgentSentinel.Core.Events;
using static AgentSentinel.Core.Tests.Events.SomeRecord;

namespace AgentSentinel.Core.Tests.Events;

public sealed class ToolCallDecoderTests
{
    [Fact]
    public void A_full_event_fills_every_member()
    {
        ToolCall call = Decode(Full);

        Assert.Equal("c2", call.Id);
        Assert.Equal(new DateTimeOffset(2025, 3, 3, 0, 0, 14, 171, TimeSpan.Zero), call.Time);
        Assert.Equal(TimeSpan.Zero, call.Time.Offset);
        Assert.Equal("billing", call.AgentId);
        Assert.Equal(CallKind.ToolCall, call.Kind);
        Assert.Equal("crm.export_contacts", call.Tool);
        Assert.Equal("mcp://crm", call.ToolServer);
        Assert.Equal(ToolAction.Send, call.Action);
        Assert.Equal(["crm:contacts", "mailto:emma@example.com"], call.Resources.ToArray());
        Assert.Equal(CallStatus.Denied, call.Status);
        Assert.True(call.HasFailed);
        Assert.Equal("quota", call.Error);
        Assert.Equal((12, 340, 5600.5, 125, 0), (call.Records, call.RequestBytes, call.ResultBytes, call.DurationMs, call.Tokens));
        Assert.Equal("s1", call.SessionId);
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", Text(call.TraceId));
        Assert.Equal("00f067aa0ba902b7", Text(call.SpanId));
        Assert.Equal("00F067AA0BA902B8", Text(call.ParentSpanId));
        Assert.Equal(("emma", "key-7", "v3", "a9"), (call.Principal, call.CredentialId, call.AgentVersion, call.ApprovalId));
        Assert.Equal(SourceTrust.External, call.ResultSource);
        Assert.Equal("""{"fields":["name","mail"],"limit":{"n":1}}""", Text(call.Arguments));
        Assert.Equal("""
            "{\"ok\": true} \ud83d\ude00"
            """, Text(call.Result));
        Assert.Equal("\"hello\"", Text(call.Content));
        Assert.Equal("""[{"argument":"limit","value":"1","origins":["request"]}]""", Text(call.ArgumentOrigins));
    }

    [Fact]
    public void A_minimal_event_has_the_defaults_of_the_contract()
    {
        ToolCall call = Decode(Minimal);

        Assert.Equal((CallKind.ToolCall, CallStatus.Ok, ToolAction.Read, SourceTrust.Unknown), (call.Kind, call.Status, call.Action, call.ResultSource));
        Assert.Null(call.SessionId);
        Assert.Null(call.Records);
        Assert.True(call.Arguments.IsEmpty && call.TraceId.IsEmpty && call.Resources.IsEmpty);
    }

    [Fact]
    public void A_request_needs_no_tool_and_shows_none()
    {
        Assert.Equal("", Decode(Request).Tool);
        ToolCall call = Decode(With("\"kind\":\"request\""));
        Assert.Equal((CallKind.Request, "", ToolAction.Unknown), (call.Kind, call.Tool, call.Action));
    }

    [Theory]
    [InlineData("\"trace_id\":\"ddb4f2f200247ac6\"", "ddb4f2f200247ac6")]
    [InlineData("\"trace_id\":\"AB\",\"session_id\":null", "AB")]
    [InlineData("\"trace_id\":\"AB\",\"session_id\":\"\"", "AB")]
    [InlineData("\"session_id\":\"s\",\"trace_id\":\"AB\"", "s")]
    [InlineData("\"trace_id\":\"\"", null)]
    public void The_session_is_the_trace_when_none_is_named(string fields, string? session) =>
        Assert.Equal(session, Decode(With(fields)).SessionId);

    [Theory]
    [InlineData("\"tool_server\":null,\"resources\":null,\"arguments\":null,\"records\":null,\"kind\":null,\"status\":null,\"trace_id\":null,\"labels\":null")]
    [InlineData("\"tool_server\":\"\",\"resources\":[],\"error\":\"\",\"principal\":\"\",\"parent_span_id\":\"\"")]
    [InlineData("\"resources\":[\"\",\"\"]")]
    [InlineData("\"labels\":{\"attack\":true,\"deep\":[[[1]]]}")]
    [InlineData("\"x\":1,\"x\":{\"id\":\"y\",\"id\":\"\\ud800\"},\"\":[],\"\\ud800\":1,\"ID\":7,\"id \":8,\"deep\":[[[[[[[[[[[[1]]]]]]]]]]]]")]
    [InlineData("\"\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\\u0061\":1")]
    public void Null_empty_and_unknown_fields_change_nothing(string fields) =>
        Assert.Equal(Show(Decode(Minimal)), Show(Decode(With(fields))));

    [Theory]
    [InlineData("\uFEFF" + Minimal)]
    [InlineData(" \r\n\t" + Minimal + " \r\n\t")]
    public void A_byte_order_mark_and_white_space_around_the_event_are_passed_over(string json) =>
        Assert.Equal(Show(Decode(Minimal)), Show(Decode(json)));

    [Fact]
    public void Names_and_values_may_be_spelled_with_escapes()
    {
        string escaped = """{"\u0069d":"\u00631","ti\u006de":"2025\u002d03-03T00:00:14.171Z","agent_id":"\u0062illing","tool":"crm\u002eget_contact","\u006bind":"tool\u005fcall","trace_id":"\u0061b"}""";
        ToolCall call = Decode(escaped);

        Assert.Equal(Show(Decode(With("\"trace_id\":\"ab\""))), Show(call));
        Assert.Equal("c1", Text(call.IdUtf8));
    }

    [Fact]
    public void Escapes_spell_any_character()
    {
        ToolCall call = Decode(Replace("id", """
            "\"\\\/é漢\u00E9\u6f22\ud83D\uDE00😀"
            """.Trim()));
        Assert.Equal("\"\\/é漢é漢😀😀", call.Id);
        Assert.Equal("é😀/", Decode(With("""
            "principal":"\u00e9\uD83D\ude00\/"
            """)).Principal);
    }

    [Fact]
    public void Four_escaped_ids_of_the_greatest_length_fit()
    {
        string hex = string.Concat(Enumerable.Repeat("\\u0061", 32));
        string id = string.Concat(Enumerable.Repeat("\\u6f22", 128));
        ToolCall call = Decode(Replace("id", $"\"{id}\"")[..^1] + $",\"trace_id\":\"{hex}\",\"span_id\":\"{hex}\",\"parent_span_id\":\"{hex}\"}}");
        Assert.Equal(new string('漢', 128), call.Id);
        Assert.Equal(new string('a', 32), Text(call.ParentSpanId));
        Assert.Equal(new string('a', 32), Text(call.TraceId));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("-0.0e5", 0)]
    [InlineData("-1e-999", 0)]
    [InlineData("1e-999", 0)]
    [InlineData("0e999", 0)]
    [InlineData("999999999999999", 999999999999999)]
    [InlineData("1000000000000000", 1e15)]
    [InlineData("1E+15", 1e15)]
    [InlineData("0.1", 0.1)]
    [InlineData("12.50", 12.5)]
    [InlineData("123456789012345.678901234567890", 123456789012345.678901234567890)]
    public void Sizes_are_any_numbers_from_zero_to_ten_to_the_fifteenth(string json, double expected)
    {
        double? records = Decode(With($"\"records\":{json}")).Records;
        Assert.Equal(expected, records);
        Assert.False(double.IsNegative(records!.Value));
    }

    [Fact]
    public void Texts_are_accepted_at_their_limits()
    {
        Assert.Equal(128, Decode(Replace("id", Quoted('漢', 128))).Id.Length);
        Assert.Equal(256, Decode(Replace("agent_id", Quoted('漢', 256))).AgentId.Length);
        Assert.Equal(256, Decode(Replace("tool", Quoted('t', 256))).Tool.Length);
        Assert.Equal(256, Decode(With("\"error\":\"" + string.Concat(Enumerable.Repeat("\\u6f22", 256)) + "\"")).Error!.Length);
        Assert.Equal(64, Decode(With("\"resources\":[" + string.Join(',', Enumerable.Repeat(Quoted('漢', 1024), 64)) + "]")).Resources.Length);
        Assert.Equal(128, Decode(Replace("id", '"' + string.Concat(Enumerable.Repeat("😀", 64)) + '"')).Id.Length);
    }

    [Fact]
    public void A_record_of_the_greatest_length_and_depth_is_accepted()
    {
        int limit = new DecoderOptions().MaxRecordBytes;
        string open = With("\"result\":\"")[..^1];
        byte[] record = Encoding.UTF8.GetBytes(open + new string('x', limit - open.Length - 2) + "\"}");
        Assert.Equal(limit, record.Length);
        Assert.Equal(limit - open.Length, Decode(record).Result.Length);
        Decode(With("\"arguments\":{\"a\":" + new string('[', 30) + new string(']', 30) + "}"));
    }

    [Fact]
    public void The_time_may_lie_ahead_by_the_skew_and_no_more()
    {
        Decode(Replace("time", "\"2025-06-01T00:05:00Z\""));
        Assert.Equal(new DecodeError(DecodeErrorReason.TimeInFuture, "time"), Refuse(Replace("time", "\"2025-06-01T00:05:00.0000001Z\"")));
        Decode(Replace("time", "\"2000-01-01T00:00:00Z\""));
        Assert.Equal(new DecodeError(DecodeErrorReason.TimeOutOfRange, "time"), Refuse(Replace("time", "\"1999-12-31T23:59:59.9999999Z\"")));
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59.9999999Z", DecodeErrorReason.None)]
    [InlineData("9999-12-31T23:59:60Z", DecodeErrorReason.None)]
    [InlineData("9999-12-31T23:59:59-23:59", DecodeErrorReason.TimeInFuture)]
    [InlineData("0001-01-01T00:00:00+23:59", DecodeErrorReason.TimeOutOfRange)]
    public void The_ends_of_time_do_not_overflow(string time, DecodeErrorReason reason)
    {
        var decoder = new ToolCallDecoder(new DecoderOptions { MaxFutureSkew = TimeSpan.MaxValue });
        decoder.TryDecode(Encoding.UTF8.GetBytes(Replace("time", $"\"{time}\"")), DateTimeOffset.MaxValue, new ToolCall(), out DecodeError error);
        Assert.Equal(reason, error.Reason);
    }

    [Fact]
    public void Injected_text_in_resources_and_errors_hides_no_call()
    {
        ToolCall call = Decode(With("\"resources\":[\"channel:x\\n\\n<INFORMATION>\",\"a\u0085b\u007f\"],\"error\":\"ValueError: x\\r\\n\""));
        Assert.Equal(["channel:x\uFFFD\uFFFD<INFORMATION>", "a\uFFFDb\uFFFD"], call.Resources.ToArray());
        Assert.Equal("ValueError: x\uFFFD\uFFFD", call.Error);
    }

    [Theory]
    [InlineData("x", 1025, 1024)]
    [InlineData("漢", 1025, 1024)]
    [InlineData("\\u6f22", 1025, 1024)]
    [InlineData("\\n", 100_000, 1024)]
    [InlineData("😀", 513, 1024)]
    [InlineData("x😀", 1000, 1024)]
    [InlineData("xx\\ud83d\\ude00", 600, 1024)]
    [InlineData("x\\ud83d\\ude00", 342, 1024)]
    public void A_long_resource_is_cut_off_between_characters(string item, int count, int length)
    {
        string text = string.Concat(Enumerable.Repeat(item, count));
        string resource = Decode(With($"\"resources\":[\"{text}\",\"next\"]")).Resources[0];
        Assert.InRange(resource.Length, length - 1, length);
        Assert.False(char.IsHighSurrogate(resource[^1]));
    }

    [Fact]
    public void A_text_with_control_characters_is_never_remembered_as_a_name()
    {
        var decoder = new ToolCallDecoder(new DecoderOptions());
        var call = new ToolCall();
        byte[] error = Encoding.UTF8.GetBytes(With("\"resources\":[\"a\\nb\"],\"error\":\"a\\nb\""));
        byte[] name = Encoding.UTF8.GetBytes(With("\"principal\":\"a\\nb\""));
        Assert.True(decoder.TryDecode(error, ReceivedAt, call, out _));
        Assert.True(decoder.TryDecode(error, ReceivedAt, call, out _));
        Assert.Equal("a\uFFFDb", call.Error);
        Assert.False(decoder.TryDecode(name, ReceivedAt, call, out _));
    }

    [Fact]
    public void Repeated_names_cost_no_allocation()
    {
        var decoder = new ToolCallDecoder(new DecoderOptions());
        var call = new ToolCall();
        byte[] record = Encoding.UTF8.GetBytes(Full);
        long least = long.MaxValue;

        // The runtime allocates a little of its own while it warms up; what the decoder allocates would be there in every round.
        for (int round = 0; round < 10; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                decoder.TryDecode(record, ReceivedAt, call, out _);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static string Quoted(char c, int count) => '"' + new string(c, count) + '"';
}
