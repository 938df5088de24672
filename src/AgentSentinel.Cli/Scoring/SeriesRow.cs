using System.Globalization;

namespace AgentSentinel.Cli.Scoring;

/// <summary>A row of a series file: <c>timestamp,value</c> or <c>series,timestamp,value</c>. Keeps the texts, so that what is written is what was read.</summary>
internal readonly ref struct SeriesRow
{
    // A time of so many seconds since 1970 is one from 1973 to 5138; a number that is larger counts parts of seconds.
    private const decimal LeastEpoch = 100_000_000;
    private const decimal MostEpoch = 100_000_000_000;

    // Without an offset it is taken as UTC.
    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd",
    ];

    // .NET reads seven digits of a fraction and capital letters only; RFC 3339 allows any number, as of nanoseconds, and small ones.
    private const int MostDigits = 7;
    private const int LongestTime = 64;

    // The seconds of yyyy-MM-dd HH:mm:ss, and the last of a day.
    private static readonly Range LeapSecond = 16..19;
    private static readonly TimeSpan LastSecond = new(23, 59, 59);

    // What other tools write where there is no value.
    private static readonly string[] Missing = ["", "NaN", "NA", "null", "None"];

    /// <summary>The series' name as it is written, quotes included; empty when the row has none.</summary>
    public ReadOnlySpan<char> Series { get; private init; }

    /// <summary>The timestamp as it is written.</summary>
    public ReadOnlySpan<char> TimeText { get; private init; }

    /// <summary>The value as it is written.</summary>
    public ReadOnlySpan<char> ValueText { get; private init; }

    /// <summary>When; UTC.</summary>
    public DateTimeOffset Time { get; private init; }

    /// <summary>What; may be infinite, and is NaN where there is none.</summary>
    public double Value { get; private init; }

    /// <summary>Whether a line is a header: where a row has its time and its value there is neither.</summary>
    public static bool IsHeader(ReadOnlySpan<char> line) =>
        TrySplit(line, out _, out var time, out var value) && !TryParseTime(time, out _) && !TryParseValue(value, out _);

    /// <summary>Whether the rows under a header name their series.</summary>
    public static bool HeaderHasSeries(ReadOnlySpan<char> header) => TrySplit(header, out var series, out _, out _) && !series.IsEmpty;

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

        if (!TryParseTime(timeText, out var time))
        {
            error = "the timestamp is neither RFC 3339 nor yyyy-MM-dd HH:mm:ss nor seconds since 1970";
            return false;
        }

        if (!TryParseValue(valueText, out var value))
        {
            error = "the value is not a number";
            return false;
        }

        error = null;
        row = new SeriesRow { Series = series, TimeText = timeText, ValueText = valueText, Time = time, Value = value };
        return true;
    }

    private static bool TryParseTime(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        text = Unquoted(text);
        Span<char> buffer = stackalloc char[LongestTime];
        var plain = Plain(text, buffer);
        return TryParsePlain(plain, out time) || TryParseLeapSecond(plain, out time) || TryParseEpoch(text, out time);
    }

    private static bool TryParsePlain(ReadOnlySpan<char> text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>A second 60 as the one that follows the 59th, which is how clocks without leap seconds count. There is one at the end of a day in UTC only.</summary>
    private static bool TryParseLeapSecond(Span<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < LeapSecond.End.Value || !text[LeapSecond].SequenceEqual(":60"))
        {
            return false;
        }

        ":59".CopyTo(text[LeapSecond]);
        if (!TryParsePlain(text, out var before) || before.TimeOfDay < LastSecond || before > DateTimeOffset.MaxValue.AddSeconds(-1))
        {
            return false;
        }

        time = before.AddSeconds(1);
        return true;
    }

    /// <summary>A time as .NET reads it; empty when it is too long for one.</summary>
    private static Span<char> Plain(ReadOnlySpan<char> text, Span<char> plain)
    {
        var length = Math.Max(0, text.ToUpperInvariant(plain));
        var fraction = plain[..length].IndexOf('.') + 1;
        var digits = plain[fraction..length].IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? length - fraction : digits;
        if (fraction == 0 || digits <= MostDigits)
        {
            return plain[..length];
        }

        plain[(fraction + digits)..length].CopyTo(plain[(fraction + MostDigits)..]);
        return plain[..(length - digits + MostDigits)];
    }

    /// <summary>Seconds since 1970, or thousandths, millionths or billionths of them, which the size tells apart.</summary>
    private static bool TryParseEpoch(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        for (var parts = 0; number >= MostEpoch && parts < 3; parts++)
        {
            number /= 1000;
        }

        if (number < LeastEpoch || number >= MostEpoch)
        {
            return false;
        }

        time = DateTimeOffset.UnixEpoch.AddTicks((long)(number * TimeSpan.TicksPerSecond));
        return true;
    }

    private static bool TryParseValue(ReadOnlySpan<char> text, out double value)
    {
        text = Unquoted(text);
        foreach (var missing in Missing)
        {
            if (text.Equals(missing, StringComparison.OrdinalIgnoreCase))
            {
                value = double.NaN;
                return true;
            }
        }

        if (text.EndsWith("inf", StringComparison.OrdinalIgnoreCase) && text[..^3] is "" or "+" or "-")
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> text) => text is ['"', .. var inner, '"'] ? inner : text;

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
