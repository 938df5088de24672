using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    private const double StepsInOne = 1 << 24;

    /// <summary>The number.</summary>
    public static float Value(Half half) => BitConverter.UInt32BitsToSingle((uint)BitConverter.HalfToUInt16Bits(half) << 13) * ExponentShift;

    /// <summary>The sum of numbers, four at a time.</summary>
    /// <param name="halves">As many as are a multiple of four.</param>
    public static double Sum(ReadOnlySpan<Half> halves)
    {
        var sum = Vector256<double>.Zero;
        foreach (var four in MemoryMarshal.Cast<Half, ulong>(halves))
        {
            var bits = Vector128.WidenLower(Vector128.CreateScalar(four).AsUInt16());
            var (lower, upper) = Vector128.Widen((bits << 13).AsSingle() * ExponentShift);
            sum += Vector256.Create(lower, upper);
        }

        return Vector256.Sum(sum);
    }

    /// <summary>The nearest half, the even one of two.</summary>
    /// <param name="value">From 0 to 65,504.</param>
    public static Half Of(double value)
    {
        if (value < LeastNormal)
        {
            // Below the normal numbers the steps are all of one size.
            return BitConverter.UInt16BitsToHalf((ushort)Math.Round(value * StepsInOne));
        }

        var bits = BitConverter.DoubleToUInt64Bits(value);
        bits += (1UL << (MoreBits - 1)) - 1 + ((bits >> MoreBits) & 1);
        return BitConverter.UInt16BitsToHalf((ushort)((bits >> MoreBits) - MoreExponent));
    }
}
