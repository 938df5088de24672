using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// A fitted model of Singular Spectrum Analysis: what a series' next value is, linear in its last ones. Immutable, shared by the engines that use it.
/// </summary>
/// <remarks>
/// Windows of a series are projected onto the leading eigenvectors of their covariance, the projections of overlapping windows are averaged
/// (Golyandina and Zhigljavsky 2013, Singular Spectrum Analysis for Time Series, §2.1 and §3.3), and the next value follows by the recurrence
/// that the eigenvectors imply. All of that is linear and looks back 2(L − 1) values, so it folds into one row of as many
/// <see cref="Coefficients"/>: a forecast is a dot product instead of two products with the basis, and depends on nothing older.
/// </remarks>
public sealed class SsaModel
{
    /// <summary>Longest window L.</summary>
    public const int LongestWindow = 1024;

    private SsaModel(int rank, float[] basis, float[] recurrence, float[] smoothed)
    {
        Rank = rank;
        Basis = basis;
        Recurrence = recurrence;
        Smoothed = smoothed;
        Coefficients = Fold();
    }

    /// <summary>Length L of the windows. At most what was asked for: less when the training series is too plain for that.</summary>
    public int WindowSize => Recurrence.Length + 1;

    /// <summary>Number of eigenvectors in use.</summary>
    public int Rank { get; }

    /// <summary>The eigenvectors, one after the other.</summary>
    internal float[] Basis { get; }

    /// <summary>Weights of the last L − 1 smoothed values, oldest first, that give the next one.</summary>
    internal float[] Recurrence { get; }

    /// <summary>The last L − 1 values of the training series, smoothed.</summary>
    internal float[] Smoothed { get; }

    /// <summary>Weights of the last 2(L − 1) values, oldest first, that give the next one.</summary>
    internal double[] Coefficients { get; }

    /// <summary>Fits a model.</summary>
    /// <param name="series">The training series; values that are not finite are left out. More than 2L must remain.</param>
    /// <param name="windowSize">Length L of the windows, at least 2: at least the longest season.</param>
    /// <exception cref="ArgumentException">There are too few values.</exception>
    public static SsaModel Fit(ReadOnlySpan<float> series, int windowSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windowSize, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(windowSize, LongestWindow);
        var usable = new List<float>(series.Length);
        foreach (var value in series)
        {
            if (float.IsFinite(value))
            {
                usable.Add(value);
            }
        }

        if (usable.Count <= 2 * windowSize)
        {
            throw new ArgumentException($"Training needs more than {2 * windowSize} finite values, twice the window of {windowSize}; there are {usable.Count}.", nameof(series));
        }

        var (basis, rank) = SsaTraining.FindSignal([.. usable], windowSize);
        var length = basis.Length / rank;
        var recurrence = RecurrenceOf(basis, rank, length);
        var last = usable.GetRange(usable.Count - length, length);
        return new SsaModel(rank, basis, recurrence, Project(basis, [.. last])[1..]);
    }

    /// <summary>Saves the model.</summary>
    public void Save(MemoryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteVariable((ulong)WindowSize);
        writer.WriteVariable((ulong)Rank);
        foreach (var value in (float[])[.. Basis, .. Recurrence, .. Smoothed])
        {
            writer.WriteSingle(value);
        }
    }

    /// <summary>Loads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="MemoryFormatException">It is damaged.</exception>
    public static SsaModel Load(ref MemoryReader reader)
    {
        var length = reader.ReadCount(4);
        var rank = reader.ReadCount(4);
        if (length is < 2 or > LongestWindow || rank < 1 || rank >= length)
        {
            throw reader.Damaged("a model of impossible size");
        }

        if (((length * (rank + 2)) - 2) * 4 > reader.Remaining)
        {
            throw reader.Damaged("a model larger than the input left");
        }

        return new SsaModel(rank, Read(ref reader, rank * length), Read(ref reader, length - 1), Read(ref reader, length - 1));

        static float[] Read(ref MemoryReader reader, int count)
        {
            var values = new float[count];
            for (var i = 0; i < count; i++)
            {
                values[i] = Finite.Read(ref reader);
            }

            return values;
        }
    }

    /// <summary>A window as the eigenvectors see it.</summary>
    internal static float[] Project(ReadOnlySpan<float> basis, ReadOnlySpan<float> window)
    {
        var projected = new double[window.Length];
        for (var begin = 0; begin < basis.Length; begin += window.Length)
        {
            var vector = basis.Slice(begin, window.Length);
            var weight = 0.0;
            for (var i = 0; i < window.Length; i++)
            {
                weight += (double)vector[i] * window[i];
            }

            for (var i = 0; i < window.Length; i++)
            {
                projected[i] += weight * vector[i];
            }
        }

        return Array.ConvertAll(projected, value => (float)value);
    }

    // The last row of the projection, without its last entry, over 1 − the last entry.
    private static float[] RecurrenceOf(float[] basis, int rank, int length)
    {
        var recurrence = new double[length - 1];
        var verticality = 0.0;
        for (var r = 0; r < rank; r++)
        {
            double last = basis[(r * length) + length - 1];
            verticality += last * last;
            for (var i = 0; i < length - 1; i++)
            {
                recurrence[i] += last * basis[(r * length) + i];
            }
        }

        return Array.ConvertAll(recurrence, value => (float)(value / (1 - verticality)));
    }

    // The smoothed value j is the mean of what L − 1 − j windows make of it: of entry j + 1 of the newest, j + 2 of the one before, …
    private double[] Fold()
    {
        var length = WindowSize;
        var coefficients = new double[2 * (length - 1)];
        var newest = coefficients.Length - 1;
        for (var entry = 1; entry < length; entry++)
        {
            for (var age = 0; age < entry; age++)
            {
                var smoothed = entry - 1 - age;
                var weight = Recurrence[smoothed] / (double)(length - 1 - smoothed);
                for (var r = 0; r < Rank; r++)
                {
                    var loading = weight * Basis[(r * length) + entry];
                    for (var i = 0; i < length; i++)
                    {
                        coefficients[newest - age - (length - 1) + i] += loading * Basis[(r * length) + i];
                    }
                }
            }
        }

        return coefficients;
    }
}
