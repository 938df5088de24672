using System.Numerics;
using System.Runtime.CompilerServices;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>Natural logarithm and exponential to 32 bits, several at a time, with additions, multiplications and one division: alike on every machine. Relative error below 1e-6.</summary>
internal static class SingleLogarithm
{
    private const float Ln2 = 0.693147181f;

    // The bits of √½: mantissas from there to √2 are nearest to 1.
    private const int HalfRoot = 0x3F3504F3;

    // Adding 1.5 · 2^23 rounds to a whole number and leaves it in the low bits.
    private const float Rounder = 12582912;

    // Beyond it the result leaves the range of normal numbers.
    private const float LargestExponent = 87;

    /// <summary>ln x of a positive, normal x: 2 artanh((m − 1)/(m + 1)) of its mantissa, and its exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Ln(Vector<float> x)
    {
        var bits = Vector.AsVectorInt32(x) - new Vector<int>(HalfRoot);
        var exponent = Vector.ConvertToSingle(Vector.ShiftRightArithmetic(bits, 23));
        var mantissa = Vector.AsVectorSingle((bits & new Vector<int>(0x007FFFFF)) + new Vector<int>(HalfRoot));
        var s = (mantissa - Vector<float>.One) / (mantissa + Vector<float>.One);
        var square = s * s;
        var series = (((((square * (1 / 9f)) + new Vector<float>(1 / 7f)) * square) + new Vector<float>(1 / 5f)) * square) + new Vector<float>(1 / 3f);
        return (exponent * Ln2) + (2 * (s + (s * square * series)));
    }

    /// <summary>e^x; beyond ±87 that of ±87.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        x = Vector.Min(Vector.Max(x, new Vector<float>(-LargestExponent)), new Vector<float>(LargestExponent));
        var shifted = (x * (1 / Ln2)) + new Vector<float>(Rounder);
        var r = x - ((shifted - new Vector<float>(Rounder)) * Ln2);
        var tail = (r * (1 / 5040f)) + new Vector<float>(1 / 720f);
        tail = (tail * r) + new Vector<float>(1 / 120f);
        tail = (tail * r) + new Vector<float>(1 / 24f);
        tail = (tail * r) + new Vector<float>(1 / 6f);
        tail = (tail * r) + new Vector<float>(0.5f);
        var power = Vector<float>.One + r + (r * r * tail);
        var scale = Vector.ShiftLeft(Vector.AsVectorInt32(shifted), 23) + new Vector<int>(127 << 23);
        return power * Vector.AsVectorSingle(scale);
    }
}
