using System.Text;

namespace AgentSentinel.Service.Declarations;

/// <summary>The lines of an iCalendar file, taken apart far enough to say at which line something is wrong.</summary>
/// <param name="Whole">The file, unfolded.</param>
/// <param name="Events">Each event with the line where it begins, as a calendar of its own with the file's time zones.</param>
internal sealed record CalendarText(string Whole, IReadOnlyList<(long Line, string Text)> Events)
{
    private const string Calendar = "VCALENDAR";
    private const string Event = "VEVENT";
    private const string Zone = "VTIMEZONE";
    private const string Head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//AgentSentinel//EN\r\n";
    private const string Tail = "END:VCALENDAR\r\n";

    /// <summary>Reads a file; null when its lines are no iCalendar, with the first error in <paramref name="errors"/>.</summary>
    public static CalendarText? Read(string path, List<DeclarationError> errors)
    {
        var open = new Stack<(string Name, long Line, int At)>();
        var whole = new StringBuilder();
        var zones = new StringBuilder();
        var events = new List<(long Line, string Text)>();
        var isOver = false;
        foreach (var (line, text) in Unfolded(File.ReadLines(path)))
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !text.AsSpan(0, colon).ContainsAnyInRange('A', 'z') || isOver || (open.Count == 0 && !Is(text, "BEGIN", Calendar)))
            {
                return Fail(line, isOver ? "Nothing may follow the end of the calendar." : open.Count == 0 ? "An iCalendar file begins with BEGIN:VCALENDAR." : "Expected NAME:value (RFC 5545).");
            }

            if (text.StartsWith("BEGIN:", StringComparison.OrdinalIgnoreCase))
            {
                open.Push((text[6..].Trim().ToUpperInvariant(), line, whole.Length));
            }

            whole.Append(text).Append("\r\n");
            if (!text.StartsWith("END:", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var begun = open.Pop();
            if (!Is(text, "END", begun.Name))
            {
                return Fail(line, $"Expected END:{begun.Name}, which began in line {begun.Line}.");
            }

            if (begun.Name == Zone)
            {
                zones.Append(whole, begun.At, whole.Length - begun.At);
            }
            else if (begun.Name == Event)
            {
                events.Add((begun.Line, whole.ToString(begun.At, whole.Length - begun.At)));
            }

            isOver = open.Count == 0;
        }

        return isOver ? new CalendarText(whole.ToString(), [.. events.Select(e => (e.Line, Head + zones + e.Text + Tail))])
            : open.Count > 0 ? Fail(open.Peek().Line, $"{open.Peek().Name} has no end.")
            : Fail(0, "The file is empty.");

        CalendarText? Fail(long line, string message)
        {
            errors.Add(new DeclarationError(path, line, message));
            return null;
        }
    }

    private static bool Is(string text, string name, string value) =>
        text.Length > name.Length + 1
        && text.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && text[name.Length] == ':'
        && text.AsSpan(name.Length + 1).Trim().Equals(value, StringComparison.OrdinalIgnoreCase);

    // A line that begins with a space or a tab goes on where the one before ended (RFC 5545, 3.1).
    private static IEnumerable<(long Line, string Text)> Unfolded(IEnumerable<string> lines)
    {
        var (number, begun) = (0L, 0L);
        StringBuilder? text = null;
        foreach (var line in lines)
        {
            number++;
            if (line.Length > 0 && line[0] is ' ' or '\t' && text is not null)
            {
                text.Append(line, 1, line.Length - 1);
            }
            else if (line.Length > 0)
            {
                if (text is not null)
                {
                    yield return (begun, text.ToString());
                }

                text = new StringBuilder(line);
                begun = number;
            }
        }

        if (text is not null)
        {
            yield return (begun, text.ToString());
        }
    }
}
