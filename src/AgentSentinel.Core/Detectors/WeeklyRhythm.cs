using System.Runtime.InteropServices;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// How many calls a minute an agent makes at each hour of the week. 1.2 KB. Owned by the agent's <see cref="CallRate"/> memory.
/// </summary>
/// <remarks>
/// Three tables, from fine to coarse: hour of week, hour of working day or weekend, hour of day. What a fine cell has seen is
/// shrunk towards the coarser ones the more, the less it has seen and the smaller the counts are (James–Stein shrinkage with a
/// count-aware weight). Each full hour is learned when the agent's first call after it arrives, silent hours included.
/// </remarks>
internal sealed class WeeklyRhythm
{
    private const int HoursOfWeek = 168;
    private const int HoursOfDay = 24;
    private const double MinutesPerHour = 60;

    // More than can be counted in an hour.
    private const float MostRate = 1e8f;

    // Longer silences are learned as if they had been this long.
    private const long LongestSilenceHours = 21 * 24;

    private readonly Cell[] _ofWeek = new Cell[HoursOfWeek];
    private readonly Cell[] _ofDayType = new Cell[2 * HoursOfDay];
    private readonly Cell[] _ofDay = new Cell[HoursOfDay];
    private Cell _level;
    private long _hour;
    private int _callsInHour;

    // Derived from the tables: the rate of the hour it belongs to.
    private long _rateHour = -1;
    private double _rate;

    /// <summary>Calls to be expected in the span of minutes that ends with <paramref name="minute"/>, at most an hour long.</summary>
    /// <remarks>
    /// Where the span reaches into the hour before, the busier of the two hours counts for all of it: a batch does its hour's work within
    /// minutes, and its whole run must fit wherever in the span it falls.
    /// </remarks>
    public double Expected(long minute, int span)
    {
        var hour = minute / 60;
        var rate = Rate(hour);
        return span * ((minute % 60) + 1 < span ? Math.Max(rate, Rate(hour - 1)) : rate);
    }

    /// <summary>Calls a minute to be expected in an hour, counted from 1 January of year 1.</summary>
    public double Rate(long hour)
    {
        if (hour == _rateHour)
        {
            return _rate;
        }

        var ofDay = Shrink(_ofDay[OfDay(hour)], _level.Rate, 4);
        var ofDayType = Shrink(_ofDayType[OfDayType(hour)], ofDay, 4);
        return Shrink(_ofWeek[OfWeek(hour)], ofDayType, 16);
    }

    /// <summary>Counts a call of the hour that was moved to, or of one before.</summary>
    public void Add(long minute)
    {
        if (minute / 60 == _hour)
        {
            _callsInHour++;
        }
    }

    /// <summary>Learns all hours before that of <paramref name="minute"/>.</summary>
    public void MoveTo(long minute)
    {
        var hour = minute / 60;
        if (_hour == 0)
        {
            _hour = hour;
        }

        if (hour > _hour)
        {
            Learn(_hour, _callsInHour / MinutesPerHour);
            for (var silent = Math.Max(_hour + 1, hour - LongestSilenceHours); silent < hour; silent++)
            {
                Learn(silent, 0);
            }

            _hour = hour;
            _callsInHour = 0;
            _rateHour = -1;
        }

        if (_rateHour != hour)
        {
            _rate = Rate(hour);
            _rateHour = hour;
        }
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_hour);
        writer.WriteVariable((ulong)_callsInHour);
        _level.Save(writer);
        foreach (var table in (Cell[][])[_ofWeek, _ofDayType, _ofDay])
        {
            foreach (var cell in table)
            {
                cell.Save(writer);
            }
        }
    }

    public void Load(ref MemoryReader reader)
    {
        _hour = reader.ReadUnits(TimeSpan.TicksPerHour);
        _callsInHour = reader.ReadInt32();
        _level = Cell.Load(ref reader);
        foreach (var table in (Cell[][])[_ofWeek, _ofDayType, _ofDay])
        {
            for (var i = 0; i < table.Length; i++)
            {
                table[i] = Cell.Load(ref reader);
            }
        }

        _rateHour = -1;
        if (_hour > 0)
        {
            _rate = Rate(_hour);
            _rateHour = _hour;
        }
    }

    private static int OfDay(long hour) => (int)(hour % HoursOfDay);

    // 1 January of year 1 was a Monday.
    private static int OfWeek(long hour) => (int)(hour % HoursOfWeek);

    private static int OfDayType(long hour) => OfDay(hour) + (OfWeek(hour) >= 5 * HoursOfDay ? HoursOfDay : 0);

    private static double Shrink(in Cell cell, double towards, double strength)
    {
        var scale = Math.Max(cell.Rate, towards);
        var weight = strength * ((1 / ((MinutesPerHour * scale) + 0.2)) + 0.03);
        return ((cell.Rate * cell.Visits) + (weight * towards)) / (cell.Visits + weight);
    }

    private void Learn(long hour, double rate)
    {
        _ofWeek[OfWeek(hour)].Learn(rate, 0.3);
        _ofDayType[OfDayType(hour)].Learn(rate, 0.15);
        _ofDay[OfDay(hour)].Learn(rate, 0.1);
        _level.Learn(rate, 0.01);
    }

    /// <summary>Calls a minute, as a mean that turns from plain to decayed once it has seen enough. Packed: an agent has 241 of them.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Cell
    {
        private const byte MostVisits = 127;
        private const byte HasRate = 128;

        private float _rate;
        private byte _visits;

        public readonly double Rate => _rate;

        public readonly int Visits => _visits;

        public void Learn(double rate, double leastWeight)
        {
            _visits = (byte)Math.Min(_visits + 1, MostVisits);
            _rate += (float)(Math.Max(1.0 / _visits, leastWeight) * (rate - _rate));
        }

        /// <summary>Most agents are silent in most hours: a cell without calls takes one byte.</summary>
        public readonly void Save(MemoryWriter writer)
        {
            writer.WriteByte(_rate > 0 ? (byte)(_visits | HasRate) : _visits);
            if (_rate > 0)
            {
                writer.WriteSingle(_rate);
            }
        }

        public static Cell Load(ref MemoryReader reader)
        {
            var visits = reader.ReadByte();
            if (visits <= MostVisits)
            {
                return new Cell { _visits = visits };
            }

            var rate = reader.ReadSingle();
            return rate is > 0 and <= MostRate
                ? new Cell { _rate = rate, _visits = (byte)(visits & MostVisits) }
                : throw reader.Damaged("a rate that no agent can have");
        }
    }
}
