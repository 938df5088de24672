using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentSentinel.Core.Events;

/// <summary>
/// Telemetry text as it may be shown on one line of a log or terminal: what could move the cursor, start a new line,
/// reverse the direction or hide is written as an escape such as <c>\u202E</c>. Everything else stays as it is.
/// </summary>
public static class PlainText
{
    private static readonly SearchValues<char> Ordinary =
        SearchValues.Create(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>The text, made safe for one line. Returns the same string when nothing had to change.</summary>
    public static string Of(string text) => text.AsSpan().ContainsAnyExcept(Ordinary) ? Escape(text) : text;

    private static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\\')
            {
                safe.Append(@"\\");
            }
            else if (IsVisible(rune))
            {
                safe.Append(rune.ToString());
            }
            else
            {
                safe.Append(CultureInfo.InvariantCulture, $@"\u{rune.Value:X4}");
            }
        }

        return safe.ToString();
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control
        or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned);
}
