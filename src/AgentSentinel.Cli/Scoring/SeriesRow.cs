using System.Globalization;

namespace AgentSentinel.Cli.Scoring;

/// <summary>A row of a series file: <c>timestamp,value</c> or <c>series,timestamp,value</c>. Keeps the texts, so that what is written is what was read.</summary>
internal readonly ref struct SeriesRow
{
    // "2015-09-08 11:39:00" is taken as UTC.
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>The series' name as it is written, quotes included; empty when the row has none.</summary>
    public ReadOnlySpan<char> Series { get; private init; }

    /// <summary>The timestamp as it is written.</summary>
    public ReadOnlySpan<char> TimeText { get; private init; }

    /// <summary>The value as it is written.</summary>
    public ReadOnlySpan<char> ValueText { get; private init; }

    /// <summary>When; UTC.</summary>
    public DateTimeOffset Time { get; private init; }

    /// <summary>What; may be NaN or infinite.</summary>
    public double Value { get; private init; }

    /// <summary>Whether a line is a header: its last two columns are called timestamp and value.</summary>
    public static bool IsHeader(ReadOnlySpan<char> line) =>
        TrySplit(line, out _, out var time, out var value)
        && time.Equals("timestamp", StringComparison.OrdinalIgnoreCase)
        && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>Reads a row.</summary>
    /// <param name="line">A line without its line break.</param>
    /// <param name="row">What it says.</param>
    /// <param name="error">Why it was refused; null when it was not.</param>
    public static bool TryParse(ReadOnlySpan<char> line, out SeriesRow row, out string? error)
    {
        row = default;
        if (!TrySplit(line, out var series, out var timeText, out var valueText))
        {
            error = "expected timestamp,value or series,timestamp,value";
            return false;
        }

        if (!DateTimeOffset.TryParseExact(
                timeText, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            error = "the timestamp is neither RFC 3339 nor yyyy-MM-dd HH:mm:ss";
            return false;
        }

        if (!double.TryParse(valueText, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            error = "the value is not a number";
            return false;
        }

        error = null;
        row = new SeriesRow { Series = series, TimeText = timeText, ValueText = valueText, Time = time, Value = value };
        return true;
    }

    // From the right: a series' name may hold commas, the other two columns may not.
    private static bool TrySplit(ReadOnlySpan<char> line, out ReadOnlySpan<char> series, out ReadOnlySpan<char> time, out ReadOnlySpan<char> value)
    {
        series = time = value = default;
        var last = line.LastIndexOf(',');
        if (last < 0)
        {
            return false;
        }

        value = line[(last + 1)..].Trim();
        var before = line[..last].LastIndexOf(',');
        time = line[(before + 1)..last].Trim();
        series = before < 0 ? default : line[..before];
        return true;
    }
}
