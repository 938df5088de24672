using System.Runtime.CompilerServices;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// How the calls of a day fall on its five-minute bins, beyond what the hours say: batches and schedules. 288 bytes. Part of a <see cref="CallForecast"/>.
/// </summary>
/// <remarks>
/// A bin's factor is what was counted in it over what its hours expected, each day worth nine tenths of the next: about ten days. It moves by the
/// difference of the two, divided by what the bin has expected so far. That sum is not stored: it is taken for what the busier kind of day expects.
/// </remarks>
internal struct DayShape
{
    /// <summary>Bins of a day.</summary>
    public const int Bins = 288;

    // The sum of 0.9, 0.81, …: days that a bin remembers besides the present one.
    private const double MostDays = 9;

    // Calls that a factor of 1 is worth at first.
    private const double PriorCalls = 0.5;

    private const double MostFactor = 300;

    // The factor's code, changed by that of 1 so that nothing known is 1.
    private BinCells _factors;

    /// <summary>Calls in the bin over what its hours expect; 1 where nothing is known.</summary>
    public readonly double Factor(int bin) => LogByte.Decode((byte)(_factors[bin] ^ LogByte.One));

    /// <summary>Learns a bin of a day.</summary>
    /// <param name="bin">The bin.</param>
    /// <param name="counted">What was counted.</param>
    /// <param name="expected">What its hours expected.</param>
    /// <param name="mostExpected">The same on the busier kind of day; at least <paramref name="expected"/>.</param>
    /// <param name="days">How many days are known.</param>
    /// <param name="time">A number of this rounding.</param>
    public void Learn(int bin, double counted, double expected, double mostExpected, long days, long time)
    {
        var factor = Factor(bin);
        if (factor == 0 && counted == 0)
        {
            return;
        }

        var known = (Math.Min(days, MostDays) * mostExpected) + expected + PriorCalls;
        factor = Math.Clamp(factor + ((counted - (factor * expected)) / known), 0, MostFactor);
        _factors[bin] = (byte)(LogByte.Encode(factor, LogByte.Noise(time, 1)) ^ LogByte.One);
    }

    public readonly void Save(MemoryWriter writer) => writer.WriteBytes(_factors);

    public void Load(ref MemoryReader reader) => reader.ReadBytes(Bins).CopyTo(_factors);

    [InlineArray(Bins)]
    private struct BinCells
    {
        private byte _first;
    }
}
