using System.Text;
using AgentSentinel.Core.Events;
using CsCheck;
using static AgentSentinel.Core.Tests.Events.SomeRecord;

namespace AgentSentinel.Core.Tests.Events;

public sealed class ToolCallDecoderPurityTests
{
    private static readonly string[] Records =
    [
        Minimal, Request, Full, Injected, "", "{", "[]", With("\"status\":1"), With("\"id\":\"x\""), Replace("id", "\"\\u0063\\u0032\""),
        Replace("tool", "\"send_money\""), With("\"kind\":\"request\""), With("\"action\":\"admin\""), With("\"principal\":\"send_money\",\"session_id\":\"ab\""),
        With("\"trace_id\":\"\\u0061b\""), With("\"resources\":[\"a\",\"b\",\"c\",\"d\",\"e\"]"), With("\"resources\":[\"a\",1]"), With("\"records\":-1"),
        Full.Replace("\"time\"", "\"tome\"", StringComparison.Ordinal),
    ];

    [Fact]
    public void Nothing_of_one_record_is_left_in_the_next()
    {
        foreach (string first in Records)
        {
            foreach (string second in Records)
            {
                var decoder = new ToolCallDecoder(new DecoderOptions());
                var call = new ToolCall();
                Answer(decoder, Encoding.UTF8.GetBytes(first), call);
                Assert.Equal(Answer(Encoding.UTF8.GetBytes(second)), Answer(decoder, Encoding.UTF8.GetBytes(second), call));
            }
        }
    }

    [Fact]
    public void What_was_decoded_before_never_changes_an_answer()
    {
        Gen<string> name = Gen.Select(Gen.OneOfConst("get", "send", "grant", "\\u0067et", "x", "é", "\\u00e9", "\\n", "\\ud800"), Gen.Int[0, 5000])
            .Select((word, number) => $"{word}_{number}");
        Gen<byte[]> record = Gen.Select(name, name, name, name).Select((agent, tool, session, resource) => Encoding.UTF8.GetBytes(
            $$"""{"id":"c","time":"2025-03-03T00:00:14Z","agent_id":"{{agent}}","tool":"{{tool}}","session_id":"{{session}}","resources":["{{resource}}","{{tool}}"],"error":"{{agent}}"}"""));
        var decoder = new ToolCallDecoder(new DecoderOptions());
        var call = new ToolCall();
        record.Sample(
            utf8 => Assert.Equal(Answer(utf8), Answer(decoder, utf8, call)),
            seed: "0N0XIzNsQ0O2", iter: 3_000, threads: 1);
    }
}
