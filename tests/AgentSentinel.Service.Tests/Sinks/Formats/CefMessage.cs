using System.Text;
using System.Text.RegularExpressions;

namespace AgentSentinel.Service.Tests.Sinks.Formats;

/// <summary>CEF:0, read strictly: seven header fields with their escapes, then key=value pairs in which an equals sign is escaped.</summary>
internal sealed partial record CefMessage(IReadOnlyList<string> Header, IReadOnlyDictionary<string, string> Extension)
{
    // From the format's dictionary of extension keys.
    private static readonly Dictionary<string, int> Lengths = new()
    {
        ["rt"] = 20, ["externalId"] = 40, ["suid"] = 1023, ["act"] = 63, ["cat"] = 1023, ["cnt"] = 20, ["msg"] = 1023, ["request"] = 1023, ["start"] = 20, ["end"] = 20,
        ["cs1"] = 4000, ["cs2"] = 4000, ["cs3"] = 4000, ["cs4"] = 4000, ["cfp1"] = 40,
        ["cs1Label"] = 1023, ["cs2Label"] = 1023, ["cs3Label"] = 1023, ["cs4Label"] = 1023, ["cfp1Label"] = 1023,
    };

    public static CefMessage Read(string line)
    {
        Assert.StartsWith("CEF:0|", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line, char.IsControl);
        var header = new List<string>();
        var field = new StringBuilder();
        var at = "CEF:0|".Length;
        for (; header.Count < 6; at++)
        {
            if (line[at] == '\\')
            {
                at++;
                Assert.True(line[at] is '\\' or '|', "A backslash in the header escapes a backslash or a pipe");
                field.Append(line[at]);
            }
            else if (line[at] == '|')
            {
                header.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[at]);
            }
        }

        var extension = ReadExtension(line[at..]);
        Assert.InRange(int.Parse(header[5], System.Globalization.CultureInfo.InvariantCulture), 0, 10);
        Assert.All(extension, pair =>
        {
            Assert.True(Lengths.TryGetValue(pair.Key, out var max), $"{pair.Key} is no key of ours");
            Assert.True(pair.Value.Length <= max, $"{pair.Key} has {pair.Value.Length} characters");
            Assert.True(!pair.Key.StartsWith('c') || pair.Key is "cat" or "cnt" || pair.Key.EndsWith("Label", StringComparison.Ordinal) || extension.ContainsKey(pair.Key + "Label"));
        });
        return new CefMessage(header, extension);
    }

    private static Dictionary<string, string> ReadExtension(string text)
    {
        var pairs = new Dictionary<string, string>();
        var keys = Key().Matches(text);
        for (var i = 0; i < keys.Count; i++)
        {
            var begin = keys[i].Index + keys[i].Length;
            var raw = text[begin..(i + 1 < keys.Count ? keys[i + 1].Index : text.Length)];
            Assert.DoesNotMatch(@"(?<!\\)(\\\\)*=", raw);
            pairs.Add(keys[i].Groups["key"].Value, Escape().Replace(raw, match => match.Groups["what"].Value switch { "n" => "\n", "r" => "\r", "\\" => "\\", "=" => "=", var bad => throw new FormatException($"\\{bad}") }));
        }

        return pairs;
    }

    [GeneratedRegex(@"(^|(?<=[^\\]) )(?<key>[A-Za-z0-9_]+)=", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Key();

    [GeneratedRegex(@"\\(?<what>.)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
