using System.Runtime.CompilerServices;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// Calls a minute at each hour of the week. 248 bytes. Part of a <see cref="CallModel"/>.
/// </summary>
/// <remarks>
/// Three tables, from fine to coarse: hour of the week, hour of a working day or of a day off, hour of the day. What a fine cell has seen is shrunk towards
/// the coarser one the more, the less it has seen and the smaller its counts are (James–Stein shrinkage with a weight that knows counts).
/// How often a cell was visited follows from the age of the profile and is not stored.
/// </remarks>
internal struct WeekProfile
{
    private const int HoursOfWeek = 168;
    private const int HoursOfDay = 24;
    private const int DaysOfWeek = 7;
    private const double MinutesPerHour = 60;

    private const double WeekRate = 0.2;
    private const double DayTypeRate = 0.15;
    private const double DayRate = 0.1;
    private const double LevelRate = 0.01;
    private const double CoarseStrength = 1;
    private const double FineStrength = 8;

    // More than this no table can hold.
    private const double MostRate = LogByte.Largest;

    // By day of the week and how many days: how many of the days before it were of a weekend.
    private static readonly byte[] WeekendsBefore =
    [
        .. from day in Enumerable.Range(0, DaysOfWeek)
           from days in Enumerable.Range(0, DaysOfWeek)
           select (byte)Enumerable.Range(1, days).Count(i => IsWeekend(day + DaysOfWeek - i)),
    ];

    private WeekCells _ofWeek;
    private DayTypeCells _ofDayType;
    private DayCells _ofDay;
    private float _level;

    // In 32 bits: a year has 8,766 hours.
    private uint _since;

    /// <summary>The first hour that is learned, counted from 1 January of year 1; hours before it are not.</summary>
    public long Since
    {
        readonly get => _since;
        set => _since = (uint)value;
    }

    /// <summary>Calls a minute to be expected in an hour.</summary>
    public readonly double Rate(long hour, bool isDayOff)
    {
        var days = Math.Max(0, hour - Since) / HoursOfDay;
        var ofDay = Shrink(LogByte.Decode(_ofDay[OfDay(hour)]), days, _level, CoarseStrength);
        var ofDayType = Shrink(LogByte.Decode(_ofDayType[OfDayType(hour, isDayOff)]), DaysAlike(hour, days, isDayOff), ofDay, CoarseStrength);
        return Shrink(LogByte.Decode(_ofWeek[OfWeek(hour, isDayOff)]), days / DaysOfWeek, ofDayType, FineStrength);
    }

    /// <summary>Calls a minute at an hour of the day, on the busier kind of day.</summary>
    public readonly double BusierRate(long hour) => Math.Max(LogByte.Decode(_ofDayType[OfDay(hour)]), LogByte.Decode(_ofDayType[OfDay(hour) + HoursOfDay]));

    /// <summary>Learns an hour; hours come one after another.</summary>
    public void Learn(long hour, double rate, bool isDayOff)
    {
        if (hour < Since)
        {
            // Only a part of it was seen.
            return;
        }

        rate = Math.Min(rate, MostRate);
        var age = hour - Since;
        var days = age / HoursOfDay;
        ref var ofWeek = ref _ofWeek[OfWeek(hour, isDayOff)];
        ofWeek = LogByte.Encode(Moved(LogByte.Decode(ofWeek), rate, days / DaysOfWeek, WeekRate), LogByte.Noise(hour, 0));
        ref var ofDayType = ref _ofDayType[OfDayType(hour, isDayOff)];
        ofDayType = LogByte.Encode(Moved(LogByte.Decode(ofDayType), rate, DaysAlike(hour, days, isDayOff), DayTypeRate), LogByte.Noise(hour, 3));
        ref var ofDay = ref _ofDay[OfDay(hour)];
        ofDay = LogByte.Encode(Moved(LogByte.Decode(ofDay), rate, days, DayRate), LogByte.Noise(hour, 4));
        _level = (float)Moved(_level, rate, age, LevelRate);
    }

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)Since);
        writer.WriteSingle(_level);
        writer.WriteBytes(_ofWeek);
        writer.WriteBytes(_ofDayType);
        writer.WriteBytes(_ofDay);
    }

    public void Load(ref MemoryReader reader)
    {
        Since = reader.ReadUnits(TimeSpan.TicksPerHour);
        _level = (float)SavedFloat.Read(ref reader, 0, MostRate);
        reader.ReadBytes(HoursOfWeek).CopyTo(_ofWeek);
        reader.ReadBytes(2 * HoursOfDay).CopyTo(_ofDayType);
        reader.ReadBytes(HoursOfDay).CopyTo(_ofDay);
    }

    private static int OfDay(long hour) => (int)(hour % HoursOfDay);

    // 1 January of year 1 was a Monday. A day off counts as a Sunday.
    private static int OfWeek(long hour, bool isDayOff) => isDayOff ? (6 * HoursOfDay) + OfDay(hour) : (int)(hour % HoursOfWeek);

    private static int OfDayType(long hour, bool isDayOff) => OfDay(hour) + (IsWeekend(hour / HoursOfDay) || isDayOff ? HoursOfDay : 0);

    private static bool IsWeekend(long day) => day % DaysOfWeek >= 5;

    /// <summary>How many of the last so many days were of the same type.</summary>
    private static long DaysAlike(long hour, long days, bool isDayOff)
    {
        var day = hour / HoursOfDay;
        var isWeekend = IsWeekend(day) || isDayOff;
        var (weeks, rest) = (days / DaysOfWeek, days % DaysOfWeek);
        var weekends = WeekendsBefore[(day % DaysOfWeek * DaysOfWeek) + rest];
        return isWeekend ? (2 * weeks) + weekends : (5 * weeks) + rest - weekends;
    }

    private static double Moved(double rate, double seen, long visits, double leastWeight) => rate + (Math.Max(1.0 / (visits + 1), leastWeight) * (seen - rate));

    private static double Shrink(double rate, long visits, double towards, double strength)
    {
        // The weight is strength · (1 / scale + 0.03), multiplied through: what one division tells needs no two.
        var scale = (MinutesPerHour * Math.Max(rate, towards)) + 0.2;
        var weight = strength * (1 + (0.03 * scale));
        return ((rate * visits * scale) + (weight * towards)) / ((visits * scale) + weight);
    }

    [InlineArray(HoursOfWeek)]
    private struct WeekCells
    {
        private byte _first;
    }

    [InlineArray(2 * HoursOfDay)]
    private struct DayTypeCells
    {
        private byte _first;
    }

    [InlineArray(HoursOfDay)]
    private struct DayCells
    {
        private byte _first;
    }
}
