using System.Text;
using AgentSentinel.Core.Events;
using static AgentSentinel.Core.Tests.Events.SomeRecord;

namespace AgentSentinel.Core.Tests.Events;

public sealed class ToolCallDecoderRefusalTests
{
    public static TheoryData<string> Names =>
        ["id", "agent_id", "tool", "tool_server", "session_id", "principal", "credential_id", "agent_version", "approval_id"];

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF ")]
    public void Nothing_is_empty(string json) => Assert.Equal(new DecodeError(DecodeErrorReason.Empty), Refuse(json));

    [Fact]
    public void A_record_over_the_limit_is_too_large_whatever_it_holds() =>
        Assert.Equal(new DecodeError(DecodeErrorReason.TooLarge), Refuse(new byte[new DecoderOptions().MaxRecordBytes + 1]));

    [Theory]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("{},")]
    [InlineData("{}{}")]
    [InlineData("{}\0")]
    [InlineData("[1")]
    [InlineData("[] []")]
    [InlineData("nul")]
    [InlineData("{'id':1}")]
    [InlineData("{id:1}")]
    [InlineData("{\"x\":1,}")]
    [InlineData("{\"x\":[1,]}")]
    [InlineData("{\"x\":1//c\n}")]
    [InlineData("/*c*/{}")]
    [InlineData("{\"x\":NaN}")]
    [InlineData("{\"x\":01}")]
    [InlineData("{\"x\":\"\\x\"}")]
    [InlineData("{\"x\":\"\\u12\"}")]
    [InlineData("{\"x\":\"a\nb\"}")]
    [InlineData("\uFEFF\uFEFF{}")]
    [InlineData("{\"x\"}")]
    public void What_is_not_one_json_value_is_malformed(string json) =>
        Assert.Equal(new DecodeError(DecodeErrorReason.MalformedJson), Refuse(json));

    [Fact]
    public void Faults_after_a_good_event_are_malformed()
    {
        foreach (string tail in new[] { "x", ",", "}", "{}", "\0", "//", Minimal })
        {
            Assert.Equal(DecodeErrorReason.MalformedJson, Refuse(Minimal + tail).Reason);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"id\":\"x\"}]")]
    [InlineData("1")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData(" true ")]
    public void Json_of_another_kind_is_not_an_object(string json) =>
        Assert.Equal(new DecodeError(DecodeErrorReason.NotAnObject), Refuse(json));

    [Theory]
    [InlineData(33)]
    [InlineData(100_000)]
    public void Nesting_has_an_end(int depth)
    {
        string nest = new string('[', depth - 1) + new string(']', depth - 1);
        Assert.Equal(DecodeErrorReason.MalformedJson, Refuse(With("\"x\":" + nest)).Reason);
        Assert.Equal(DecodeErrorReason.MalformedJson, Refuse("[" + nest + "]").Reason);
        Assert.Equal(DecodeErrorReason.MalformedJson, Refuse(With("\"arguments\":{\"a\":" + nest[1..^1] + "}")).Reason);
    }

    [Theory]
    [InlineData("\"id\":\"c1\"", "id")]
    [InlineData("\"\\u0069d\":\"c1\"", "id")]
    [InlineData("\"\\u0061\\u0067\\u0065\\u006e\\u0074_id\":\"x\"", "agent_id")]
    [InlineData("\"id\":null", "id")]
    [InlineData("\"status\":\"ok\",\"status\":\"ok\"", "status")]
    [InlineData("\"records\":null,\"records\":1", "records")]
    [InlineData("\"labels\":1,\"labels\":2", "labels")]
    [InlineData("\"argument_origins\":[],\"\\u0061\\u0072\\u0067\\u0075\\u006d\\u0065\\u006e\\u0074\\u005f\\u006f\\u0072\\u0069\\u0067\\u0069\\u006e\\u0073\":[]", "argument_origins")]
    public void A_field_that_occurs_twice_is_refused_however_it_is_spelled(string fields, string field) =>
        Assert.Equal(new DecodeError(DecodeErrorReason.DuplicateField, field), Refuse(With(fields)));

    [Theory]
    [InlineData("id")]
    [InlineData("time")]
    [InlineData("agent_id")]
    [InlineData("tool")]
    public void A_required_field_must_be_there_and_say_something(string field)
    {
        var missing = new DecodeError(DecodeErrorReason.MissingField, field);
        Assert.Equal(missing, Refuse(Replace(field, "null")));
        Assert.Equal(missing, Refuse(Replace(field, "\"\"")));
        Assert.Equal(missing, Refuse(Minimal.Replace($"\"{field}\"", "\"other\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("kind", "1 {} [] true")]
    [InlineData("tool_server", "1 {} [] false")]
    [InlineData("action", "1 {} []")]
    [InlineData("resources", "1 {} \"x\" true [null] [1] [[]] [{}] [\"x\",null]")]
    [InlineData("status", "1 {} []")]
    [InlineData("error", "1 {} []")]
    [InlineData("records", "\"1\" {} [] true")]
    [InlineData("request_bytes", "\"1\" {} []")]
    [InlineData("result_bytes", "\"1\" {} []")]
    [InlineData("duration_ms", "\"1\" {} []")]
    [InlineData("tokens", "\"1\" {} []")]
    [InlineData("session_id", "1 {} []")]
    [InlineData("trace_id", "1 {} []")]
    [InlineData("span_id", "1 {} []")]
    [InlineData("parent_span_id", "1 {} []")]
    [InlineData("principal", "1 {} []")]
    [InlineData("credential_id", "1 {} []")]
    [InlineData("agent_version", "1 {} []")]
    [InlineData("approval_id", "1 {} []")]
    [InlineData("result_source", "1 {} []")]
    [InlineData("arguments", "1 \"{}\" [] true")]
    [InlineData("result", "1 {} [] true")]
    [InlineData("content", "1 {} []")]
    [InlineData("argument_origins", "1 {} \"[]\"")]
    public void Another_json_type_than_the_contract_says_is_refused(string field, string values)
    {
        foreach (string value in values.Split(' '))
        {
            Assert.Equal(new DecodeError(DecodeErrorReason.WrongType, field), Refuse(With($"\"{field}\":{value}")));
        }
    }

    [Theory]
    [InlineData("id")]
    [InlineData("time")]
    [InlineData("agent_id")]
    [InlineData("tool")]
    public void Required_fields_are_strings(string field)
    {
        Assert.Equal(new DecodeError(DecodeErrorReason.WrongType, field), Refuse(Replace(field, "1")));
        Assert.Equal(new DecodeError(DecodeErrorReason.WrongType, field), Refuse(Replace(field, "[\"x\"]")));
    }

    [Theory]
    [InlineData("kind", "call Tool_call tool_call\\u0020")]
    [InlineData("action", "READ unknown write;")]
    [InlineData("status", "OK failed")]
    [InlineData("result_source", "unknown partner xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("trace_id", "g 0x12 12-34 ﬀ １２")]
    [InlineData("span_id", "xyz")]
    [InlineData("parent_span_id", "00f067aa0ba902bz")]
    public void Another_word_than_the_contract_says_is_refused(string field, string values)
    {
        foreach (string value in values.Split(' '))
        {
            Assert.Equal(new DecodeError(DecodeErrorReason.UnknownValue, field), Refuse(With($"\"{field}\":\"{value}\"")));
        }
    }

    [Theory]
    [InlineData("kind")]
    [InlineData("action")]
    [InlineData("status")]
    [InlineData("result_source")]
    public void The_empty_text_is_no_word_of_the_contract(string field) =>
        Assert.Equal(new DecodeError(DecodeErrorReason.UnknownValue, field), Refuse(With($"\"{field}\":\"\"")));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_over_its_limit_is_refused(string field)
    {
        int limit = field == "id" ? 128 : 256;
        var tooLong = new DecodeError(DecodeErrorReason.TooLong, field);
        Assert.Equal(tooLong, Refuse(WithText(field, new string('x', limit + 1))));
        Assert.Equal(tooLong, Refuse(WithText(field, new string('漢', limit + 1))));
        Assert.Equal(tooLong, Refuse(WithText(field, new string('x', 500_000))));
        Assert.Equal(tooLong, Refuse(WithText(field, string.Concat(Enumerable.Repeat("\\n", limit + 1)))));
        Assert.Equal(tooLong, Refuse(WithText(field, string.Concat(Enumerable.Repeat("\\u0041", limit + 1)))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_control_character_in_a_name_is_refused(string field)
    {
        foreach (string control in new[] { "\\u0000", "\\n", "\\u001b[31m", "\u007f", "\u0080", "\u009f", "\\u009B", "é\u0085" })
        {
            Assert.Equal(new DecodeError(DecodeErrorReason.ControlCharacter, field), Refuse(WithText(field, "a" + control + "b")));
        }

        Decode(WithText(field, "a\u00a0é\u00bf漢\u200b b"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    [InlineData("time")]
    [InlineData("kind")]
    [InlineData("action")]
    [InlineData("status")]
    [InlineData("result_source")]
    [InlineData("trace_id")]
    [InlineData("span_id")]
    [InlineData("parent_span_id")]
    public void Half_a_surrogate_pair_is_no_name(string field)
    {
        string[] halves = ["\\ud800", "\\uDFFF", "\\udc00\\ud800", "\\ud83d\\n", "\\ud83d\\u0041", "\\ud83d\\ud83d\\ude00", string.Concat(Enumerable.Repeat("\\ud800", 5000))];
        foreach (string half in halves)
        {
            Assert.Equal(new DecodeError(DecodeErrorReason.InvalidUtf8, field), Refuse(WithText(field, half)));
        }
    }

    [Fact]
    public void A_backslash_that_is_escaped_begins_no_escape() =>
        Assert.Equal("\"\\\\ud800\"", Text(Decode(With("\"result\":\"\\\\ud800\"")).Result));

    [Fact]
    public void Invalid_utf8_is_refused_wherever_it_stands()
    {
        byte[][] invalid = [[0x80], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xE6, 0xBC]];
        byte[] full = Encoding.UTF8.GetBytes(Full);
        foreach (byte[] bytes in invalid)
        {
            for (int at = 0; at <= full.Length; at++)
            {
                byte[] record = [.. full[..at], .. bytes, .. full[at..]];
                Assert.Equal(new DecodeError(DecodeErrorReason.InvalidUtf8), Refuse(record));
            }
        }
    }

    [Theory]
    [InlineData("-1", DecodeErrorReason.NegativeNumber)]
    [InlineData("-0.0001", DecodeErrorReason.NegativeNumber)]
    [InlineData("-1e999", DecodeErrorReason.NegativeNumber)]
    [InlineData("1e999", DecodeErrorReason.NumberOutOfRange)]
    [InlineData("1e99999999999999999999", DecodeErrorReason.NumberOutOfRange)]
    [InlineData("1000000000000001", DecodeErrorReason.NumberOutOfRange)]
    [InlineData("1.1e15", DecodeErrorReason.NumberOutOfRange)]
    [InlineData("99999999999999999999999999", DecodeErrorReason.NumberOutOfRange)]
    public void A_size_out_of_range_is_refused(string number, DecodeErrorReason reason)
    {
        foreach (string field in new[] { "records", "request_bytes", "result_bytes", "duration_ms", "tokens" })
        {
            Assert.Equal(new DecodeError(reason, field), Refuse(With($"\"{field}\":{number}")));
        }
    }

    [Fact]
    public void A_number_of_many_digits_is_read_or_refused_but_never_throws()
    {
        string many = new('9', 100_000);
        Assert.Equal(DecodeErrorReason.NumberOutOfRange, Refuse(With($"\"records\":{many}")).Reason);
        Assert.Equal(1, Decode(With($"\"records\":0.{many}")).Records);
        Assert.Equal(0, Decode(With($"\"records\":1e-{many}")).Records);
        Assert.Equal(DecodeErrorReason.NumberOutOfRange, Refuse(With($"\"records\":1e{many}")).Reason);
    }

    [Fact]
    public void Trace_ids_have_at_most_32_digits() =>
        Assert.Equal(new DecodeError(DecodeErrorReason.TooLong, "trace_id"), Refuse(With($"\"trace_id\":\"{new string('a', 33)}\"")));

    [Theory]
    [InlineData("2025-02-29T00:00:00Z")]
    [InlineData("yesterday")]
    [InlineData("2025-03-03T00:00:00Z ")]
    [InlineData("2025-03-03T00:00:00\\u0000Z")]
    public void A_time_that_is_none_is_refused(string time) =>
        Assert.Equal(new DecodeError(DecodeErrorReason.InvalidTime, "time"), Refuse(Replace("time", $"\"{time}\"")));

    [Fact]
    public void The_first_fault_from_the_left_is_named() =>
        Assert.Equal(new DecodeError(DecodeErrorReason.WrongType, "status"), Refuse(With("\"status\":1,\"records\":-1,")));

    private static string WithText(string field, string text) =>
        Minimal.Contains($"\"{field}\":", StringComparison.Ordinal) ? Replace(field, $"\"{text}\"") : With($"\"{field}\":\"{text}\"");
}
