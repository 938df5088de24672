using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// erf by formula 7.1.26 of Abramowitz and Stegun (1964), |error| ≤ 1.5e-7, four at a time. Kernel p-values below some 1e-7 are therefore
/// made of the formula's own error; they are computed this way because it is what the reference detectors do, and their answers are compared bit for bit.
/// </summary>
internal static class GaussianKernel
{
    // The formula's p and a1 … a5.
    private const double P = 0.3275911;
    private const double A1 = 0.254829592;
    private const double A2 = -0.284496736;
    private const double A3 = 1.421413741;
    private const double A4 = -1.453152027;
    private const double A5 = 1.061405429;

    // Below e^-700 nothing is left of the product beside 1, and the exponent would leave its range.
    private const double LeastExponent = -700;

    // Adding 1.5 · 2^52 rounds to a whole number and leaves it in the low bits.
    private const double Rounder = 6755399441055744;
    private const double Log2OfE = 1.4426950408889634;
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Erf(Vector256<double> x)
    {
        var one = Vector256<double>.One;
        var t = one / (one + (Vector256.Create(P) * Vector256.Abs(x)));
        var polynomial = ((((((((Vector256.Create(A5) * t) + Vector256.Create(A4)) * t) + Vector256.Create(A3)) * t) + Vector256.Create(A2)) * t) + Vector256.Create(A1)) * t;
        var erf = one - (polynomial * Exp(-(x * x)));
        return Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(x, Vector256<double>.Zero), erf, -erf);
    }

    /// <summary>e^x for x ≤ 0 to less than one unit in the last place, with additions and multiplications only: alike on every machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Exp(Vector256<double> x)
    {
        x = Vector256.Max(x, Vector256.Create(LeastExponent));
        var shifted = (x * Vector256.Create(Log2OfE)) + Vector256.Create(Rounder);
        var k = shifted - Vector256.Create(Rounder);
        var r = x - (k * Vector256.Create(Ln2High)) - (k * Vector256.Create(Ln2Low));

        // Taylor's series on |r| ≤ ln 2 / 2; the last term is below 2^-56 of the sum.
        var tail = Vector256.Create(1.0 / 6227020800);
        tail = (tail * r) + Vector256.Create(1.0 / 479001600);
        tail = (tail * r) + Vector256.Create(1.0 / 39916800);
        tail = (tail * r) + Vector256.Create(1.0 / 3628800);
        tail = (tail * r) + Vector256.Create(1.0 / 362880);
        tail = (tail * r) + Vector256.Create(1.0 / 40320);
        tail = (tail * r) + Vector256.Create(1.0 / 5040);
        tail = (tail * r) + Vector256.Create(1.0 / 720);
        tail = (tail * r) + Vector256.Create(1.0 / 120);
        tail = (tail * r) + Vector256.Create(1.0 / 24);
        tail = (tail * r) + Vector256.Create(1.0 / 6);
        tail = (tail * r) + Vector256.Create(0.5);
        var power = Vector256<double>.One + (r + (r * r * tail));
        var scale = (shifted.AsInt64() << 52) + Vector256.Create(1023L << 52);
        return power * scale.AsDouble();
    }
}
