namespace AgentSentinel.Core.Statistics;

/// <summary>
/// Conversions of <see cref="Half"/> for what is known to be finite and not negative, as counts are: the same numbers in a third of the time, since nothing is asked
/// about signs, infinities and NaN.
/// </summary>
internal static class PositiveHalf
{
    // A half's exponent counts from 112 less than a single's: 2¹¹².
    private const float ExponentShift = 5.192296858534828e33f;

    // What a double has more than a half: bits of the fraction, and what the exponent counts from.
    private const int MoreBits = 42;
    private const ulong MoreExponent = (1023 - 15) << 10;
    private const double LeastNormal = 6.103515625e-05;

    /// <summary>The number.</summary>
    public static float Value(Half half) => BitConverter.UInt32BitsToSingle((uint)BitConverter.HalfToUInt16Bits(half) << 13) * ExponentShift;

    /// <summary>The nearest half, the even one of two.</summary>
    /// <param name="value">From 0 to 65,504.</param>
    public static Half Of(double value)
    {
        if (value < LeastNormal)
        {
            return value == 0 ? Half.Zero : (Half)value;
        }

        var bits = BitConverter.DoubleToUInt64Bits(value);
        bits += (1UL << (MoreBits - 1)) - 1 + ((bits >> MoreBits) & 1);
        return BitConverter.UInt16BitsToHalf((ushort)((bits >> MoreBits) - MoreExponent));
    }
}
