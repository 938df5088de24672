using System.Globalization;
using System.Text;
using AgentSentinel.Service.Influx;

namespace AgentSentinel.Service.Tests.Influx;

public sealed class LineProtocolTests
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero).AddTicks(1);

    [Fact]
    public void A_point_is_measurement_tags_fields_and_nanoseconds()
    {
        var lines = new LineProtocol();
        lines.Begin("tool_calls");
        lines.Tag("agent_id", "a");
        lines.Tag("tool", "crm.read");
        lines.Field("calls", -5L);
        lines.Field("bytes", 0.1);
        lines.Field("note", "plain");
        Assert.True(lines.End(Time));
        Assert.Equal("tool_calls,agent_id=a,tool=crm.read calls=-5i,bytes=0.1,note=\"plain\" 1772442000000000100\n", Text(lines));
    }

    [Theory]
    [InlineData("a b", @"a\ b")]
    [InlineData("a,b=c", @"a\,b\=c")]
    [InlineData("a\"b", "a\"b")]
    [InlineData(@"a\b", @"a\b")]
    [InlineData(@"a\", "a＼")]
    [InlineData(@"a\\b", "a＼＼b")]
    [InlineData(@"a\,b", @"a＼\,b")]
    [InlineData(@"a\ b", @"a＼\ b")]
    [InlineData("a\nb\r\t\0\u007f", "a\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD")]
    [InlineData("ünï😀", "ünï😀")]
    [InlineData("#x", "#x")]
    public void A_tag_is_escaped_and_cannot_leave_its_place(string value, string written)
    {
        var lines = new LineProtocol();
        lines.Begin("m");
        lines.Tag("t", value);
        lines.Field("f", 1L);
        lines.End(DateTimeOffset.UnixEpoch);
        Assert.Equal($"m,t={written} f=1i 0\n", Text(lines));
    }

    [Theory]
    [InlineData("a b,c=d", "a b,c=d")]
    [InlineData("say \"hi\"", "say \\\"hi\\\"")]
    [InlineData(@"back\slash\", @"back\\slash\\")]
    [InlineData("a\nb", "a\uFFFDb")]
    public void A_text_is_escaped_within_its_quotes(string value, string written)
    {
        var lines = new LineProtocol();
        lines.Begin("m");
        lines.Field("f", value);
        lines.End(DateTimeOffset.UnixEpoch);
        Assert.Equal($"m f=\"{written}\" 0\n", Text(lines));
    }

    [Fact]
    public void An_empty_tag_and_a_number_that_is_none_are_left_out()
    {
        var lines = new LineProtocol();
        lines.Begin("m");
        lines.Tag("t", "");
        lines.Field("a", double.NaN);
        lines.Field("b", double.PositiveInfinity);
        lines.Field("c", 1e300);
        lines.End(DateTimeOffset.UnixEpoch);
        Assert.Equal("m c=1E+300 0\n", Text(lines));
    }

    [Fact]
    public void A_point_without_fields_or_with_an_impossible_time_is_dropped_and_the_others_stand()
    {
        var lines = new LineProtocol();
        Add(lines, 1, DateTimeOffset.UnixEpoch);
        lines.Begin("m");
        lines.Tag("t", "x");
        lines.Field("a", double.NaN);
        Assert.False(lines.End(Time));
        Assert.False(Add(lines, 2, DateTimeOffset.MaxValue));
        Assert.False(Add(lines, 2, DateTimeOffset.MinValue));
        Assert.True(Add(lines, 3, DateTimeOffset.UnixEpoch.AddTicks(-1)));
        Assert.Equal("m f=1i 0\nm f=3i -100\n", Text(lines));
        Assert.Equal(2, lines.Points);
    }

    [Fact]
    public void Whatever_a_text_holds_there_is_one_line_with_one_tag_in_it()
    {
        const string nasty = "\\ ,=\"\n\r\u2028#a\u00e9\ud83d\ude00\ud83d\t";
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => nasty[random.Next(nasty.Length)]));
            var lines = new LineProtocol();
            lines.Begin("m");
            lines.Tag("t", text);
            lines.Field("f", 1L);
            lines.End(DateTimeOffset.UnixEpoch);
            var written = Text(lines);
            Assert.True(written.StartsWith("m,t=", StringComparison.Ordinal) && written.EndsWith(" f=1i 0\n", StringComparison.Ordinal), Show(text, written));
            var value = written["m,t=".Length..^" f=1i 0\n".Length];
            Assert.False(value.Any(c => c < ' '), Show(text, written));

            // The readings in use differ in whether a backslash escapes a backslash: under both, every special character is escaped and the end is not.
            foreach (var pairs in (bool[])[true, false])
            {
                Assert.True(IsOneTag(value, pairs), Show(text, written));
            }
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void Numbers_come_back_as_they_went(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 2_000; i++)
        {
            var number = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(number))
            {
                continue;
            }

            var lines = new LineProtocol();
            lines.Begin("m");
            lines.Field("f", number);
            lines.End(DateTimeOffset.UnixEpoch);
            Assert.Equal(number, double.Parse(Text(lines)["m f=".Length..^" 0\n".Length], NumberStyles.Float, CultureInfo.InvariantCulture));
        }
    }

    private static bool IsOneTag(string value, bool backslashEscapesItself)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\')
            {
                if (i + 1 == value.Length)
                {
                    return false;
                }

                i += value[i + 1] is ',' or '=' or ' ' || (backslashEscapesItself && value[i + 1] == '\\') ? 1 : 0;
            }
            else if (value[i] is ',' or '=' or ' ')
            {
                return false;
            }
        }

        return true;
    }

    private static bool Add(LineProtocol lines, long value, DateTimeOffset time)
    {
        lines.Begin("m");
        lines.Field("f", value);
        return lines.End(time);
    }

    private static string Show(string text, string written) => $"{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))} → {written}";

    private static string Text(LineProtocol lines) => Encoding.UTF8.GetString(lines.Written.Span);
}
