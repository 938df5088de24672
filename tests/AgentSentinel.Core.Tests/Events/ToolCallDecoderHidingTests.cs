using System.Text;
using AgentSentinel.Core.Events;
using static AgentSentinel.Core.Tests.Events.SomeRecord;

namespace AgentSentinel.Core.Tests.Events;

/// <summary>What injected text can reach may not hide a call: it is cleaned, cut or counted, and the call is seen.</summary>
public sealed class ToolCallDecoderHidingTests
{
    private const string TenThousandHalves = "10000 halves";

    [Theory]
    [InlineData("x", 257, 256)]
    [InlineData("漢", 500_000 / 3, 256)]
    [InlineData("\\u6f22", 257, 256)]
    [InlineData("\\n", 100_000, 256)]
    [InlineData("😀", 129, 256)]
    [InlineData("x😀", 100, 256)]
    [InlineData("xx\\ud83d\\ude00", 65, 256)]
    [InlineData("😀x", 90, 255)]
    [InlineData("\\ud83d\\ude00x", 90, 255)]
    [InlineData("\\ud83d", 50_000, 256)]
    public void A_long_error_is_cut_off_between_characters(string item, int count, int length)
    {
        string text = string.Concat(Enumerable.Repeat(item, count));
        string error = Decode(With($"\"error\":\"{text}\"")).Error!;
        Assert.Equal(length, error.Length);
        Assert.False(char.IsHighSurrogate(error[^1]));
    }

    [Theory]
    [InlineData("\\ud800", "\uFFFD")]
    [InlineData("a\\uDFFFb", "a\uFFFDb")]
    [InlineData("\\udc00\\ud800", "\uFFFD\uFFFD")]
    [InlineData("\\ud83d\\n", "\uFFFD\uFFFD")]
    [InlineData("\\ud83d\\u0041", "\uFFFDA")]
    [InlineData("\\ud83d\\ud83d\\ude00", "\uFFFD😀")]
    [InlineData("\\ud83d\\ude00\\ude00", "😀\uFFFD")]
    [InlineData("\\ud83d\\\\ude00", "\uFFFD\\ude00")]
    [InlineData("\\ud83d\uFFFD😀", "\uFFFD\uFFFD😀")]
    [InlineData(TenThousandHalves, null)]
    public void Half_a_surrogate_pair_in_an_error_or_a_resource_is_replaced(string half, string? expected)
    {
        string written = half == TenThousandHalves ? string.Concat(Enumerable.Repeat("\\uD800", 10_000)) : half;
        ToolCall call = Decode(With($"\"error\":\"{written}\",\"resources\":[\"{written}\",\"x{written}\",\"next\"]"));
        Assert.Equal(expected ?? new string('\uFFFD', 256), call.Error);
        Assert.Equal([expected ?? new string('\uFFFD', 1024), "x" + (expected ?? new string('\uFFFD', 1023)), "next"], call.Resources.ToArray());
    }

    [Fact]
    public void What_was_replaced_is_never_remembered_as_a_name()
    {
        var decoder = new ToolCallDecoder(new DecoderOptions());
        var call = new ToolCall();
        Assert.True(decoder.TryDecode(Encoding.UTF8.GetBytes(With("\"error\":\"a\\ud800\"")), ReceivedAt, call, out _));
        foreach (string field in new[] { "principal", "session_id", "approval_id" })
        {
            Assert.False(decoder.TryDecode(Encoding.UTF8.GetBytes(With($"\"{field}\":\"a\\ud800\"")), ReceivedAt, call, out DecodeError error));
            Assert.Equal(new DecodeError(DecodeErrorReason.InvalidUtf8, field), error);
        }
    }

    [Theory]
    [InlineData("arguments", """{"\udc00":1}""")]
    [InlineData("arguments", """{"a":["\\\ud800"]}""")]
    [InlineData("argument_origins", """["\ud83d","\ude00"]""")]
    [InlineData("result", """
        "\ud83d\ud83d\ude00"
        """)]
    [InlineData("content", """
        "\ud800"
        """)]
    public void Half_a_surrogate_pair_in_content_is_handed_on_as_it_stands(string field, string json)
    {
        ToolCall call = Decode(With($"\"{field}\":{json}"));
        ReadOnlyMemory<byte>[] slices = [call.Arguments, call.ArgumentOrigins, call.Result, call.Content];
        Assert.Equal(json, string.Concat(slices.Select(Text)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(10_000)]
    public void The_first_64_resources_are_kept_and_all_are_counted(int count)
    {
        string[] items = [.. Enumerable.Range(0, count).Select(i => $"r{i}")];
        ToolCall call = Decode(With($"\"resources\":[{string.Join(',', items.Select(item => $"\"{item}\""))}],\"records\":7"));
        Assert.Equal(items.Take(64), call.Resources.ToArray());
        Assert.Equal(count, call.ResourceCount);
        Assert.Equal(7, call.Records);
    }

    [Fact]
    public void Empty_items_name_nothing_and_take_no_place()
    {
        string empty = string.Concat(Enumerable.Repeat("\"\",", 100));
        ToolCall call = Decode(With($"\"resources\":[{empty}\"a\",{empty}\"b\"]"));
        Assert.Equal(["a", "b"], call.Resources.ToArray());
        Assert.Equal(2, call.ResourceCount);
    }

    [Fact]
    public void Resources_past_the_kept_ones_may_hold_anything_that_a_resource_may()
    {
        string kept = string.Concat(Enumerable.Repeat("\"r\",", 64));
        ToolCall call = Decode(With($"\"resources\":[{kept}\"\",\"\\ud800\",\"a\\nb\",\"{new string('x', 5000)}\"]"));
        Assert.Equal((64, 67), (call.Resources.Length, call.ResourceCount));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{\"a\":[\"x\"]}")]
    public void A_resource_past_the_kept_ones_is_still_a_string(string item)
    {
        string kept = string.Concat(Enumerable.Repeat("\"r\",", 70));
        Assert.Equal(new DecodeError(DecodeErrorReason.WrongType, "resources"), Refuse(With($"\"resources\":[{kept}{item},\"x\"]")));
    }

    [Fact]
    public void A_call_forgets_how_many_resources_the_one_before_named()
    {
        var decoder = new ToolCallDecoder(new DecoderOptions());
        var call = new ToolCall();
        string items = string.Join(',', Enumerable.Repeat("\"r\"", 100));
        Assert.True(decoder.TryDecode(Encoding.UTF8.GetBytes(With($"\"resources\":[{items}]")), ReceivedAt, call, out _));
        Assert.True(decoder.TryDecode(Encoding.UTF8.GetBytes(Minimal), ReceivedAt, call, out _));
        Assert.Equal(0, call.ResourceCount);
    }
}
