namespace AgentSentinel.Core.Events;

/// <summary>Reads RFC 3339 times (section 5.6, <c>date-time</c>) from bytes, and nothing that only looks like one.</summary>
/// <remarks>
/// <see cref="DateTimeOffset"/>'s own parsers accept more (other separators, missing seconds, white space) and less (offsets over 14 hours,
/// leap seconds, fractions of more than seven digits) than the contract says.
/// </remarks>
internal static class Rfc3339
{
    /// <summary>Longest text read: a fraction of more than 38 digits says nothing and is refused.</summary>
    internal const int MaxLength = 64;

    private const int MinLength = 20;

    // Days are counted over whole 400-year cycles so that year 0 (valid in the grammar) needs no negative division.
    private const int YearsPerCycle = 400;
    private const long DaysPerCycle = 146_097;

    /// <summary>Reads a time. Digits of the fraction beyond the seventh are cut off.</summary>
    /// <param name="text">UTF-8 text.</param>
    /// <param name="utcTicks">
    /// Ticks since 0001-01-01T00:00:00Z. Years 0 and 9999 with an offset can lie outside of what <see cref="DateTime"/> holds: check before use.
    /// A leap second (23:59:60 in UTC) becomes the last tick of its minute, so that it stays behind 23:59:59 and before midnight.
    /// </param>
    /// <returns>False when the text is not a valid time.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> text, out long utcTicks)
    {
        utcTicks = 0;
        if (text.Length is < MinLength or > MaxLength
            || text[4] != '-' || text[7] != '-' || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        int century = TwoDigits(text, 0);
        int yearOfCentury = TwoDigits(text, 2);
        int month = TwoDigits(text, 5);
        int day = TwoDigits(text, 8);
        int hour = TwoDigits(text, 11);
        int minute = TwoDigits(text, 14);
        int second = TwoDigits(text, 17);
        if ((century | yearOfCentury | month | day | hour | minute | second) < 0)
        {
            return false;
        }

        int year = (century * 100) + yearOfCentury;
        if (month is < 1 or > 12 || day < 1 || day > DaysIn(year, month) || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[19..];
        if (!TryReadFraction(ref rest, out long fraction) || !TryReadOffset(rest, out int offsetMinutes))
        {
            return false;
        }

        long minuteTicks = (DaysSinceYearOne(year, month, day) * TimeSpan.TicksPerDay)
            + (((hour * 60L) + minute - offsetMinutes) * TimeSpan.TicksPerMinute);
        if (second == 60)
        {
            utcTicks = minuteTicks + TimeSpan.TicksPerMinute - 1;
            return (minuteTicks + TimeSpan.TicksPerMinute) % TimeSpan.TicksPerDay == 0;
        }

        utcTicks = minuteTicks + (second * TimeSpan.TicksPerSecond) + fraction;
        return true;
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest[0] != '.')
        {
            return true;
        }

        int digits = 0;
        for (int i = 1; i < rest.Length && char.IsAsciiDigit((char)rest[i]); i++)
        {
            digits++;
            if (digits <= 7)
            {
                ticks = (ticks * 10) + (rest[i] - '0');
            }
        }

        for (int i = digits; i < 7; i++)
        {
            ticks *= 10;
        }

        rest = rest[(1 + digits)..];
        return digits > 0;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> rest, out int minutes)
    {
        minutes = 0;
        if (rest.Length == 1)
        {
            return (rest[0] | 0x20) == 'z';
        }

        if (rest.Length != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':')
        {
            return false;
        }

        int hour = TwoDigits(rest, 1);
        int minute = TwoDigits(rest, 4);
        minutes = ((hour * 60) + minute) * (rest[0] == '-' ? -1 : 1);
        return hour is >= 0 and <= 23 && minute is >= 0 and <= 59;
    }

    private static int TwoDigits(ReadOnlySpan<byte> text, int at)
    {
        uint tens = (uint)(text[at] - '0');
        uint ones = (uint)(text[at + 1] - '0');
        return tens > 9 || ones > 9 ? -1 : (int)((tens * 10) + ones);
    }

    private static int DaysIn(int year, int month) => month switch
    {
        2 => IsLeap(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static long DaysSinceYearOne(int year, int month, int day)
    {
        int past = year - 1 + YearsPerCycle;
        return (past * 365L) + (past / 4) - (past / 100) + (past / YearsPerCycle) - DaysPerCycle
            + DaysBefore(year, month) + day - 1;
    }

    // As if February had 30 days, then corrected: Reingold and Dershowitz, Calendrical Calculations, "fixed from Gregorian".
    private static int DaysBefore(int year, int month) =>
        (((367 * month) - 362) / 12) - (month <= 2 ? 0 : IsLeap(year) ? 1 : 2);

    private static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
