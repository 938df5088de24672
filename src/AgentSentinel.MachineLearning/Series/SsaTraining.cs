namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// Finds the eigenvectors of a series' trajectory covariance that carry signal: the rank is the one whose recurrence, run freely over
/// the end of the series, strays least from it. Roundings to 32 bits are where the reference has them.
/// </summary>
internal static class SsaTraining
{
    private const int EvaluationLength = 200;

    /// <summary>The basis, eigenvector after eigenvector, and its rank. Its vectors are shorter than asked for when the series is too plain.</summary>
    /// <param name="series">Finite values, more than twice the window.</param>
    /// <param name="length">Length of the windows.</param>
    public static (float[] Basis, int Rank) FindSignal(float[] series, int length)
    {
        for (; length >= 2; length--)
        {
            var vectors = Covariance(series, length);
            var values = new double[length];
            if (!SymmetricEigen.TryDecompose(vectors, values))
            {
                break;
            }

            var rounded = Array.ConvertAll(vectors, value => (float)value);
            if (!HasUnitVector(rounded, length))
            {
                var rank = SelectRank(series, rounded, length);
                return (rounded[..(rank * length)], rank);
            }
        }

        // Nothing but the mean of the window.
        length = Math.Max(length, 2);
        var basis = new float[length];
        Array.Fill(basis, (float)(1 / Math.Sqrt(length)));
        return (basis, 1);
    }

    // H Hᵀ of the trajectory matrix H, whose columns are the windows. Each diagonal follows from its first entry.
    private static double[] Covariance(float[] series, int length)
    {
        var columns = series.Length - length + 1;
        var covariance = new double[length * length];
        var isSummedInSingles = length * columns <= (3 + (3 * Math.Log(series.Length))) * series.Length;
        for (var j = 0; j < length; j++)
        {
            covariance[j] = covariance[j * length] = isSummedInSingles ? InSingles(series, columns, j) : InDoubles(series, columns, j);
        }

        for (var i = 1; i < length; i++)
        {
            for (var j = i; j < length; j++)
            {
                covariance[(i * length) + j] = covariance[(j * length) + i] = (float)(covariance[((i - 1) * length) + j - 1]
                    - ((double)series[i - 1] * series[j - 1])
                    + ((double)series[i + columns - 1] * series[j + columns - 1]));
            }
        }

        return covariance;
    }

    // The reference sums short windows in 32 bits and long ones by a Fourier transform in 64. Where seasons are weak beside
    // the level, the roundings decide the third digit of the recurrence, so they are made alike.
    private static float InSingles(float[] series, int columns, int lag)
    {
        var sum = 0f;
        for (var i = 0; i < columns; i++)
        {
            sum += series[i] * series[i + lag];
        }

        return sum;
    }

    private static float InDoubles(float[] series, int columns, int lag)
    {
        var sum = 0.0;
        for (var i = 0; i < columns; i++)
        {
            sum += (double)series[i] * series[i + lag];
        }

        return (float)sum;
    }

    // An eigenvector along the last axis alone would make the recurrence divide by 0.
    private static bool HasUnitVector(float[] vectors, int length)
    {
        for (var i = 0; i < length; i++)
        {
            var last = vectors[((i + 1) * length) - 1];
            if (last * last == 1)
            {
                return true;
            }
        }

        return false;
    }

    private static int SelectRank(float[] series, float[] vectors, int length)
    {
        var columns = series.Length - length + 1;
        var evaluated = Math.Min(Math.Max(length, EvaluationLength), columns);
        var signal = new double[series.Length];
        var recurrence = new double[length - 1];
        var verticality = 0.0;
        var (best, leastError) = (length / 2, double.MaxValue);
        for (var rank = 1; rank <= length / 2; rank++)
        {
            var vector = vectors.AsSpan((rank - 1) * length, length);
            double last = vector[length - 1];
            verticality += last * last;
            for (var i = 0; i < length - 1; i++)
            {
                recurrence[i] += last * vector[i];
            }

            AddComponent(signal, series, vector);
            var offset = 0.0;
            for (var i = 0; i < series.Length; i++)
            {
                offset += series[i] - signal[i];
            }

            var error = FreeRunError(series, signal, recurrence, 1 - verticality, offset / series.Length, evaluated, leastError);
            if (error < leastError)
            {
                (best, leastError) = (rank, error);
            }
        }

        return best;
    }

    // The part of the series that lies along one eigenvector: the projection's antidiagonals averaged.
    private static void AddComponent(double[] signal, float[] series, ReadOnlySpan<float> vector)
    {
        var length = vector.Length;
        var columns = series.Length - length + 1;
        var weights = new double[columns];
        for (var i = 0; i < columns; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < length; j++)
            {
                sum += (double)vector[j] * series[i + j];
            }

            weights[i] = sum;
        }

        for (var i = 0; i < series.Length; i++)
        {
            var first = Math.Max(0, i - columns + 1);
            var end = Math.Min(length, i + 1);
            var sum = 0.0;
            for (var j = first; j < end; j++)
            {
                sum += vector[j] * weights[i - j];
            }

            signal[i] += sum / (end - first);
        }
    }

    private static double FreeRunError(
        float[] series, double[] signal, double[] recurrence, double divisor, double offset, int evaluated, double leastError)
    {
        var begin = series.Length - evaluated;
        var run = new double[recurrence.Length + evaluated];
        Array.Copy(signal, begin - recurrence.Length, run, 0, recurrence.Length);
        var error = 0.0;
        for (var i = 0; i < evaluated && error <= leastError; i++)
        {
            var next = 0.0;
            for (var j = 0; j < recurrence.Length; j++)
            {
                next += recurrence[j] * run[i + j];
            }

            next = (next / divisor) + offset;
            run[i + recurrence.Length] = next;
            error += Math.Abs(series[begin + i] - next);
        }

        return error;
    }
}
