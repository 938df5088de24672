using System.Numerics;

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
    private const float Least = 1e-18f;

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
        _bins = RoundUp(_half + 1, 2 * Lanes);
        _outputs = RoundUp(wanted, Lanes);
        _forwardCosines = new float[(_half + 1) * _bins];
        _forwardSines = new float[(_half + 1) * _bins];
        _backwardCosines = new float[(_half + 1) * _outputs];
        _backwardSines = new float[(_half + 1) * _outputs];
        for (var m = 0; m <= _half; m++)
        {
            for (var k = 0; k <= _half; k++)
            {
                (_forwardSines[(m * _bins) + k], _forwardCosines[(m * _bins) + k]) = Angle(m, k);
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
    public float Apply(ReadOnlySpan<float> values, float unit, Span<float> saliences)
    {
        Span<float> even = stackalloc float[_half + 1];
        Span<float> odd = stackalloc float[_half + 1];
        Span<float> real = stackalloc float[_bins];
        Span<float> imaginary = stackalloc float[_bins];
        var magnitude = Fold(values, even, odd);
        Forward(even, odd, real, imaginary);
        var rounding = Math.Max(Rounding * magnitude, Least);

        // Twice the length, so that the mean may look back over the mirrored end.
        Span<float> logs = stackalloc float[RoundUp(_averaged + _length + _bins, Lanes)];
        Span<float> factors = stackalloc float[RoundUp(_length, Lanes)];
        Logarithms(real, imaginary, rounding, MathF.Log(unit), logs[_averaged..]);
        Factors(logs, factors);

        // The reference takes every logarithm of 0 for an absent frequency's, that of a 1 too. Whether a frequency is 1 is luck, but a sum of counts often is.
        real[0] = Math.Abs(Math.Abs(real[0]) - unit) <= rounding ? 0 : real[0];
        return Negligible * Backward(real, imaginary, factors, saliences);
    }

    /// <summary>Room that <see cref="Apply"/> needs for saliences.</summary>
    public int Outputs => _outputs;

    // Real values: cosines see the sum of what lies symmetrically, sines the difference.
    private float Fold(ReadOnlySpan<float> values, Span<float> even, Span<float> odd)
    {
        var magnitude = Math.Abs(values[0]);
        even[0] = values[0];
        odd[0] = 0;
        for (var m = 1; m <= _half; m++)
        {
            var (left, right) = (values[m], values[_length - m]);
            var isMiddle = 2 * m == _length;
            magnitude += Math.Abs(left) + (isMiddle ? 0 : Math.Abs(right));
            even[m] = isMiddle ? left : left + right;
            odd[m] = left - right;
        }

        return magnitude;
    }

    private void Forward(ReadOnlySpan<float> even, ReadOnlySpan<float> odd, Span<float> real, Span<float> imaginary)
    {
        for (var k = 0; k < _bins; k += 2 * Lanes)
        {
            var (real0, real1, imaginary0, imaginary1) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            for (var m = 0; m <= _half; m++)
            {
                var cosines = _forwardCosines.AsSpan((m * _bins) + k, 2 * Lanes);
                var sines = _forwardSines.AsSpan((m * _bins) + k, 2 * Lanes);
                var (e, o) = (new Vector<float>(even[m]), new Vector<float>(odd[m]));
                real0 += e * new Vector<float>(cosines);
                real1 += e * new Vector<float>(cosines[Lanes..]);
                imaginary0 -= o * new Vector<float>(sines);
                imaginary1 -= o * new Vector<float>(sines[Lanes..]);
            }

            real0.CopyTo(real[k..]);
            real1.CopyTo(real[(k + Lanes)..]);
            imaginary0.CopyTo(imaginary[k..]);
            imaginary1.CopyTo(imaginary[(k + Lanes)..]);
        }
    }

    // Of all frequencies in order; the second half mirrors the first.
    private void Logarithms(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, float least, float absent, Span<float> logs)
    {
        var floor = new Vector<float>(least * least);
        for (var k = 0; k < _bins; k += Lanes)
        {
            var (re, im) = (new Vector<float>(real[k..]), new Vector<float>(imaginary[k..]));
            var power = (re * re) + (im * im);
            var log = Vector.Log(Vector.Max(power, floor)) * 0.5f;
            Vector.ConditionalSelect(Vector.GreaterThan(power, floor), log, new Vector<float>(absent)).CopyTo(logs[k..]);
        }

        for (var k = _half + 1; k < _length; k++)
        {
            logs[k] = logs[_length - k];
        }
    }

    // e^−mean of the last logarithms; at the begin, of those that there are. The first are padded to the front.
    private void Factors(Span<float> logs, Span<float> factors)
    {
        logs[.._averaged].Clear();
        for (var k = 0; k < _length; k += Lanes)
        {
            var sum = Vector<float>.Zero;
            for (var back = 0; back < _averaged; back++)
            {
                sum += new Vector<float>(logs[(_averaged + k - back)..]);
            }

            Vector.Exp(sum / -_averaged).CopyTo(factors[k..]);
        }

        var total = 0f;
        for (var k = 0; k < Math.Min(_averaged, _length); k++)
        {
            total += logs[_averaged + k];
            factors[k] = MathF.Exp(-total / (k + 1));
        }
    }

    // Coefficient k and its mirror n − k are conjugates with factors of their own: together a cosine and a sine wave of each part.
    // Returns what no salience can exceed.
    private float Backward(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, ReadOnlySpan<float> factors, Span<float> saliences)
    {
        Span<float> weights = stackalloc float[4 * (_half + 1)];
        var largest = 0f;
        for (var k = 0; k <= _half; k++)
        {
            var mirror = k == 0 || 2 * k == _length ? 0 : factors[_length - k];
            var (sum, difference) = (factors[k] + mirror, factors[k] - mirror);
            largest += (Math.Abs(real[k]) + Math.Abs(imaginary[k])) * sum;
            weights[4 * k] = sum * real[k];
            weights[(4 * k) + 1] = sum * imaginary[k];
            weights[(4 * k) + 2] = difference * real[k];
            weights[(4 * k) + 3] = difference * imaginary[k];
        }

        for (var j = 0; j < _outputs; j += Lanes)
        {
            var (a, b, c, d) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            for (var k = 0; k <= _half; k++)
            {
                var four = weights.Slice(4 * k, 4);
                var cosines = new Vector<float>(_backwardCosines.AsSpan((k * _outputs) + j, Lanes));
                var sines = new Vector<float>(_backwardSines.AsSpan((k * _outputs) + j, Lanes));
                a += new Vector<float>(four[0]) * cosines;
                b += new Vector<float>(four[1]) * sines;
                c += new Vector<float>(four[2]) * sines;
                d += new Vector<float>(four[3]) * cosines;
            }

            var (re, im) = (a - b, c + d);
            (Vector.SquareRoot((re * re) + (im * im)) / _length).CopyTo(saliences[j..]);
        }

        return largest / _length;
    }

    private (float Sine, float Cosine) Angle(int m, int k)
    {
        var (sine, cosine) = Math.SinCos(2 * Math.PI * (m * k % _length) / _length);
        return ((float)sine, (float)cosine);
    }

    private static int RoundUp(int count, int multiple) => (count + multiple - 1) / multiple * multiple;
}
