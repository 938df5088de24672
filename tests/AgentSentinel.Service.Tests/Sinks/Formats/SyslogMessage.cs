using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentSentinel.Service.Tests.Sinks.Formats;

/// <summary>RFC 5424's grammar, read strictly; octet counting of RFC 6587.</summary>
internal sealed partial record SyslogMessage(int Facility, int Severity, DateTimeOffset Time, string Host, string App, string ProcId, string MsgId, string Text)
{
    public static IReadOnlyList<SyslogMessage> ReadFrames(ReadOnlySpan<byte> stream)
    {
        var messages = new List<SyslogMessage>();
        while (stream.Length > 0)
        {
            var space = stream.IndexOf((byte)' ');
            Assert.True(space is > 0 and < 8 && stream[0] != '0', "MSG-LEN is missing or begins with 0");
            var length = int.Parse(stream[..space], NumberStyles.None, CultureInfo.InvariantCulture);
            Assert.True(stream.Length >= space + 1 + length, "The frame is shorter than its MSG-LEN");
            messages.Add(Read(stream.Slice(space + 1, length)));
            stream = stream[(space + 1 + length)..];
        }

        return messages;
    }

    private static SyslogMessage Read(ReadOnlySpan<byte> message)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(message);
        var match = Grammar().Match(text);
        Assert.True(match.Success, $"Not RFC 5424: {text}");
        var priority = int.Parse(match.Groups["pri"].ValueSpan, CultureInfo.InvariantCulture);
        Assert.InRange(priority, 0, 191);
        var body = match.Groups["msg"].Value;
        Assert.True(body.StartsWith('\uFEFF') || Ascii.IsValid(body), "MSG-UTF8 begins with a byte order mark");
        return new SyslogMessage(
            priority / 8,
            priority % 8,
            DateTimeOffset.Parse(match.Groups["time"].Value, CultureInfo.InvariantCulture),
            match.Groups["host"].Value,
            match.Groups["app"].Value,
            match.Groups["proc"].Value,
            match.Groups["id"].Value,
            body.TrimStart('\uFEFF'));
    }

    [GeneratedRegex(
        """
        ^<(?<pri>0|[1-9][0-9]{0,2})>[1-9][0-9]{0,2}
        [ ](?<time>[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))
        [ ](?<host>[!-~]{1,255})[ ](?<app>[!-~]{1,48})[ ](?<proc>[!-~]{1,128})[ ](?<id>[!-~]{1,32})
        [ ](-|(\[[!#-<>-\\^-~]{1,32}([ ][!#-<>-\\^-~]{1,32}="([^"\\\]]|\\["\\\]])*")*\])+)
        ([ ](?<msg>.*))?\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
