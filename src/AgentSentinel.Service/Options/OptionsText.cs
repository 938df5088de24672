using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentSentinel.Service.Options;

/// <summary>Single values as text, both ways, in the invariant culture: what <see cref="Format"/> writes, <see cref="TryParse"/> reads.</summary>
internal static partial class OptionsText
{
    private const int MaxShown = 80;

    // Without an offset a time would depend on the machine's zone.
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    private static readonly Dictionary<string, long> Units = new(StringComparer.Ordinal)
    {
        ["d"] = TimeSpan.TicksPerDay,
        ["h"] = TimeSpan.TicksPerHour,
        ["m"] = TimeSpan.TicksPerMinute,
        ["s"] = TimeSpan.TicksPerSecond,
        ["ms"] = TimeSpan.TicksPerMillisecond,
    };

    public static bool IsKnown(Type type) =>
        type.IsEnum || type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long)
        || type == typeof(double) || type == typeof(TimeSpan) || type == typeof(DateTimeOffset);

    public static string Words(Type type) => type switch
    {
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ when type == typeof(int) || type == typeof(long) => "integer",
        _ when type == typeof(double) => "number",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "duration",
        _ when type == typeof(DateTimeOffset) => "time",
        _ => "text",
    };

    /// <summary>What to write instead of something that could not be read.</summary>
    public static string Expected(Type type) => type switch
    {
        { IsEnum: true } => Words(type),
        _ when type == typeof(int) => "an integer from -2147483648 to 2147483647",
        _ when type == typeof(long) => "an integer of 64 bits",
        _ when type == typeof(double) => "a finite number such as 0.5 or 1e-6",
        _ when type == typeof(TimeSpan) => "a duration such as 250ms, 5s, 2m, 1h, 30d or 1.12:30:00",
        _ when type == typeof(DateTimeOffset) => "a time with its offset such as 2026-01-31T08:00:00Z",
        _ => Words(type),
    };

    public static bool TryParse(string text, Type type, out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            value = text;
        }
        else if (type.IsEnum)
        {
            // Names only: Enum.Parse would also take numbers nobody defined.
            var name = Array.Find(Enum.GetNames(type), name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
            value = name is null ? null : Enum.Parse(type, name);
        }
        else if (type == typeof(bool))
        {
            value = bool.TryParse(text, out var parsed) ? parsed : null;
        }
        else if (type == typeof(int))
        {
            value = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        }
        else if (type == typeof(long))
        {
            value = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        }
        else if (type == typeof(double))
        {
            const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            value = double.TryParse(text, style, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed) ? parsed : null;
        }
        else if (type == typeof(TimeSpan))
        {
            value = ParseDuration(text);
        }
        else if (type == typeof(DateTimeOffset))
        {
            value = DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : null;
        }

        return value is not null;
    }

    public static string Format(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        TimeSpan duration => FormatDuration(duration),
        DateTimeOffset time => time.ToString(time.Offset == TimeSpan.Zero ? TimeFormats[1] : TimeFormats[0], CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>A foreign text fit for a terminal and one line: control characters replaced, cut at 80 characters.</summary>
    public static string Shown(string text)
    {
        var cut = text.Length > MaxShown ? text[..MaxShown] + "…" : text;
        return Unprintable().Replace(cut, "\uFFFD");
    }

    /// <summary>Reads a duration as the options do.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        var parsed = ParseDuration(text);
        duration = parsed ?? default;
        return parsed is not null;
    }

    private static TimeSpan? ParseDuration(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        var match = ShortDuration().Match(text);
        if (match.Success)
        {
            return decimal.TryParse(match.Groups["number"].ValueSpan, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && Math.Abs(number) <= (decimal)long.MaxValue / Units[match.Groups["unit"].Value]
                ? TimeSpan.FromTicks((long)(number * Units[match.Groups["unit"].Value]))
                : null;
        }

        // A bare number would be days to TimeSpan.Parse, and seconds or milliseconds to whoever wrote it: it is refused.
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text, ["c", "d'.'hh':'mm", "hh':'mm"], CultureInfo.InvariantCulture, out var duration) ? duration : null;
    }

    private static string FormatDuration(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        foreach (var (unit, ticks) in Units)
        {
            if (duration.Ticks % ticks == 0)
            {
                return (duration.Ticks / ticks).ToString(CultureInfo.InvariantCulture) + unit;
            }
        }

        return duration.ToString("c", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(?<number>[+-]?[0-9]+(\.[0-9]+)?)(?<unit>ms|s|m|h|d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex ShortDuration();

    [GeneratedRegex(@"[\p{C}\u2028\u2029]", RegexOptions.CultureInvariant)]
    private static partial Regex Unprintable();
}
