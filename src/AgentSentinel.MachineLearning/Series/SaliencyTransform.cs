using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// The saliency of a few values at the end of a window: Fourier transform, log spectrum less its trailing mean, transform back
/// (Hou and Zhang 2007; Ren et al. 2019, §3.1). Tables only; immutable. O(n²), but over half the frequencies, as the values are real, and over the wanted saliences.
/// </summary>
/// <remarks>
/// The residual divides each coefficient by its own magnitude again, so all that is left of the logarithms is e^−mean as a factor of it. The result does not
/// depend on the values' scale. Frequencies that are nothing but the rounding of 32-bit sums count as absent: the reference takes the logarithm of an absent one
/// as 0, and where rounding leaves something of it, as the logarithm of noise.
/// </remarks>
internal sealed class SaliencyTransform
{
    // Of the largest salience that there could be.
    private const float Negligible = 1e-6f;

    // Of the sum of magnitudes.
    private const float Rounding = 2e-7f;

    // A window of zeros; its square is still a normal number.
    private const float Least = 1e-17f;

    // What an absent frequency's logarithm is bounded by, so that values of any scale leave squares of 32 bits their range.
    private const float LargestLogarithm = 30;

    private static readonly int Lanes = Vector<float>.Count;

    private readonly int _length;
    private readonly int _half;
    private readonly int _bins;
    private readonly int _wanted;
    private readonly int _outputs;
    private readonly int _averaged;
    private readonly float[] _forwardCosines;
    private readonly float[] _forwardSines;
    private readonly float[] _backwardCosines;
    private readonly float[] _backwardSines;

    /// <summary>Tables for windows of <paramref name="length"/>.</summary>
    /// <param name="length">Values in a window.</param>
    /// <param name="begin">Position of the first saliency that is wanted.</param>
    /// <param name="wanted">How many.</param>
    /// <param name="averaged">Frequencies in the trailing mean.</param>
    public SaliencyTransform(int length, int begin, int wanted, int averaged)
    {
        _length = length;
        _half = length / 2;
        _wanted = wanted;
        _averaged = averaged;
        _bins = RoundUp(_half, 2 * Lanes);
        _outputs = RoundUp(wanted, 2 * Lanes);
        _forwardCosines = new float[_half * _bins];
        _forwardSines = new float[_half * _bins];
        _backwardCosines = new float[(_half + 1) * _outputs];
        _backwardSines = new float[(_half + 1) * _outputs];
        for (var m = 0; m <= _half; m++)
        {
            for (var k = 1; k <= _half && m > 0; k++)
            {
                var at = ((m - 1) * _bins) + k - 1;
                (_forwardSines[at], _forwardCosines[at]) = Angle(m, k);
            }

            for (var j = 0; j < wanted; j++)
            {
                (_backwardSines[(m * _outputs) + j], _backwardCosines[(m * _outputs) + j]) = Angle(m, begin + j);
            }
        }
    }

    /// <summary>The saliences that are wanted.</summary>
    /// <param name="values">The window, of magnitudes up to 1.</param>
    /// <param name="unit">What 1 in the values' own scale has become.</param>
    /// <param name="saliences">As many as wanted; scratch beyond.</param>
    /// <returns>Saliences below this are rounding.</returns>
    [SkipLocalsInit]
    public float Apply(ReadOnlySpan<float> values, float unit, Span<float> saliences)
    {
        Span<float> even = stackalloc float[_half + 1];
        Span<float> odd = stackalloc float[_half + 1];
        Span<float> real = stackalloc float[1 + _bins];
        Span<float> imaginary = stackalloc float[1 + _bins];
        (real[0], var magnitude) = Sum(values);
        imaginary[0] = 0;
        Fold(values, even, odd);
        Forward(even, odd, real, imaginary);
        var rounding = Math.Max(Rounding * magnitude, Least);

        // With room in front, where the first means look back to, and behind, where the last vectors reach.
        Span<float> logs = stackalloc float[_averaged + _length + (2 * _bins)];
        Span<float> factors = stackalloc float[RoundUp(_length, Lanes)];
        Logarithms(real, imaginary, rounding, Math.Clamp(MathF.Log(unit), -LargestLogarithm, LargestLogarithm), logs[_averaged..]);
        Factors(logs, factors);

        // The reference takes every logarithm of 0 for an absent frequency's, that of a 1 too. Whether a frequency is 1 is luck, but a sum of counts often is.
        real[0] = Math.Abs(Math.Abs(real[0]) - unit) <= rounding ? 0 : real[0];
        return Negligible * Backward(real, imaginary, factors, saliences);
    }

    /// <summary>Room that <see cref="Apply"/> needs for saliences.</summary>
    public int Outputs => _outputs;

    // The values are real: cosines see the sum of what lies symmetrically, sines the difference, with the sign of the transform.
    private void Fold(ReadOnlySpan<float> values, Span<float> even, Span<float> odd)
    {
        even[0] = values[0];
        odd[0] = 0;
        var mirrored = values.Length - 1;
        for (var m = 1; m < even.Length; m++, mirrored--)
        {
            var (left, right) = (values[m], values[mirrored]);
            even[m] = left + right;
            odd[m] = right - left;
        }

        if (2 * _half == _length)
        {
            even[_half] = values[_half];
        }
    }

    private static (float Sum, float Magnitude) Sum(ReadOnlySpan<float> values)
    {
        var (sums, magnitudes) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            var several = new Vector<float>(values[i..]);
            sums += several;
            magnitudes += Vector.Abs(several);
        }

        var (sum, magnitude) = (Vector.Sum(sums), Vector.Sum(magnitudes));
        for (; i < values.Length; i++)
        {
            sum += values[i];
            magnitude += Math.Abs(values[i]);
        }

        return (sum, magnitude);
    }

    // Frequency 0 is the sum; the tables begin with frequency 1 and the second value.
    private void Forward(ReadOnlySpan<float> even, ReadOnlySpan<float> odd, Span<float> real, Span<float> imaginary)
    {
        ref var cosines = ref MemoryMarshal.GetArrayDataReference(_forwardCosines);
        ref var sines = ref MemoryMarshal.GetArrayDataReference(_forwardSines);
        for (var k = 0; k < _bins; k += 2 * Lanes)
        {
            var (real0, imaginary0, imaginary1) = (new Vector<float>(even[0]), Vector<float>.Zero, Vector<float>.Zero);
            var real1 = real0;
            var at = (nuint)k;
            for (var m = 1; m < even.Length && m < odd.Length; m++)
            {
                var (e, o) = (new Vector<float>(even[m]), new Vector<float>(odd[m]));
                real0 = Vector.FusedMultiplyAdd(e, Vector.LoadUnsafe(ref cosines, at), real0);
                real1 = Vector.FusedMultiplyAdd(e, Vector.LoadUnsafe(ref cosines, at + (nuint)Lanes), real1);
                imaginary0 = Vector.FusedMultiplyAdd(o, Vector.LoadUnsafe(ref sines, at), imaginary0);
                imaginary1 = Vector.FusedMultiplyAdd(o, Vector.LoadUnsafe(ref sines, at + (nuint)Lanes), imaginary1);
                at += (nuint)_bins;
            }

            real0.CopyTo(real[(1 + k)..]);
            real1.CopyTo(real[(1 + k + Lanes)..]);
            imaginary0.CopyTo(imaginary[(1 + k)..]);
            imaginary1.CopyTo(imaginary[(1 + k + Lanes)..]);
        }
    }

    // Of all frequencies in order; the second half mirrors the first.
    private void Logarithms(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, float least, float absent, Span<float> logs)
    {
        var floor = new Vector<float>(least * least);
        for (var k = 1; k <= _half; k += Lanes)
        {
            var (re, im) = (new Vector<float>(real[k..]), new Vector<float>(imaginary[k..]));
            var power = (re * re) + (im * im);
            var log = SingleLogarithm.Ln(Vector.Max(power, floor)) * 0.5f;
            Vector.ConditionalSelect(Vector.GreaterThan(power, floor), log, new Vector<float>(absent)).CopyTo(logs[k..]);
        }

        var mean = real[0] * real[0];
        logs[0] = mean > least * least ? MathF.Log(mean) * 0.5f : absent;
        for (var k = _half + 1; k < _length; k++)
        {
            logs[k] = logs[_length - k];
        }
    }

    // e^−mean of the last logarithms; at the begin, of those that there are. The first are padded to the front.
    private void Factors(Span<float> logs, Span<float> factors)
    {
        var mean = -1f / _averaged;
        ref var first = ref MemoryMarshal.GetReference(logs);
        for (var k = 0; k < _length; k += Lanes)
        {
            var sum = Vector<float>.Zero;
            for (var back = 0; back < _averaged; back++)
            {
                sum += Vector.LoadUnsafe(ref first, (nuint)(_averaged + k - back));
            }

            (sum * mean).CopyTo(factors[k..]);
        }

        var total = 0f;
        for (var k = 0; k < Math.Min(_averaged, _length); k++)
        {
            total += logs[_averaged + k];
            factors[k] = -total / (k + 1);
        }

        for (var k = 0; k < _length; k += Lanes)
        {
            SingleLogarithm.Exp(new Vector<float>(factors[k..])).CopyTo(factors[k..]);
        }
    }

    // Coefficient k and its mirror n − k are conjugates with factors of their own: together a cosine and a sine wave of each part.
    // Returns what no salience can exceed.
    [SkipLocalsInit]
    private float Backward(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, ReadOnlySpan<float> factors, Span<float> saliences)
    {
        Span<float> weights = stackalloc float[4 * (_half + 1)];
        var largest = 0f;
        for (var k = 0; k <= _half; k++)
        {
            var mirror = k == 0 || 2 * k == _length ? 0 : factors[_length - k];
            var (factor, re, im) = (factors[k], real[k], imaginary[k]);
            var (sum, difference) = (factor + mirror, factor - mirror);
            largest += (Math.Abs(re) + Math.Abs(im)) * sum;
            var four = weights.Slice(4 * k, 4);
            four[3] = difference * im;
            four[2] = difference * re;
            four[1] = sum * im;
            four[0] = sum * re;
        }

        ref var cosines = ref MemoryMarshal.GetArrayDataReference(_backwardCosines);
        ref var sines = ref MemoryMarshal.GetArrayDataReference(_backwardSines);
        for (var j = 0; j < _outputs; j += 2 * Lanes)
        {
            // Eight sums at a time: each waits for its last addition, and meanwhile the others go on.
            var (a0, b0, c0, d0) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            var (a1, b1, c1, d1) = (a0, b0, c0, d0);
            var at = (nuint)j;
            for (var k = 0; k + 3 < weights.Length; k += 4)
            {
                var (cosine0, sine0) = (Vector.LoadUnsafe(ref cosines, at), Vector.LoadUnsafe(ref sines, at));
                var (cosine1, sine1) = (Vector.LoadUnsafe(ref cosines, at + (nuint)Lanes), Vector.LoadUnsafe(ref sines, at + (nuint)Lanes));
                var (a, b, c, d) = (new Vector<float>(weights[k]), new Vector<float>(weights[k + 1]), new Vector<float>(weights[k + 2]), new Vector<float>(weights[k + 3]));
                a0 = Vector.FusedMultiplyAdd(a, cosine0, a0);
                b0 = Vector.FusedMultiplyAdd(b, sine0, b0);
                c0 = Vector.FusedMultiplyAdd(c, sine0, c0);
                d0 = Vector.FusedMultiplyAdd(d, cosine0, d0);
                a1 = Vector.FusedMultiplyAdd(a, cosine1, a1);
                b1 = Vector.FusedMultiplyAdd(b, sine1, b1);
                c1 = Vector.FusedMultiplyAdd(c, sine1, c1);
                d1 = Vector.FusedMultiplyAdd(d, cosine1, d1);
                at += (nuint)_outputs;
            }

            Magnitude(a0 - b0, c0 + d0).CopyTo(saliences[j..]);
            Magnitude(a1 - b1, c1 + d1).CopyTo(saliences[(j + Lanes)..]);
        }

        return largest / _length;
    }

    private Vector<float> Magnitude(Vector<float> real, Vector<float> imaginary) =>
        Vector.SquareRoot((real * real) + (imaginary * imaginary)) * (1f / _length);

    private (float Sine, float Cosine) Angle(int m, int k)
    {
        var (sine, cosine) = Math.SinCos(2 * Math.PI * (m * k % _length) / _length);
        return ((float)sine, (float)cosine);
    }

    private static int RoundUp(int count, int multiple) => (count + multiple - 1) / multiple * multiple;
}
