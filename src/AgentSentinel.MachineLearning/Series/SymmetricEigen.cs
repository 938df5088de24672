namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix: Householder reduction to tridiagonal form, then the implicit QL method
/// (Golub and Van Loan, Matrix Computations, §8.3). O(n³). Eigenvectors of the same eigenvalue are any basis of their space, and signs are arbitrary.
/// </summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 60;

    /// <summary>Decomposes; false when it does not converge or a number is not finite.</summary>
    /// <param name="matrix">n · n entries, overwritten: afterwards row i holds the eigenvector of the i-th eigenvalue.</param>
    /// <param name="values">The n eigenvalues, largest first.</param>
    public static bool TryDecompose(double[] matrix, double[] values)
    {
        var n = values.Length;
        var off = new double[n];
        Tridiagonalize(matrix, values, off, n);
        if (!Diagonalize(matrix, values, off, n))
        {
            return false;
        }

        Sort(matrix, values, n);
        return true;
    }

    // Afterwards matrix holds the orthogonal Q, whose columns turn into eigenvectors; diagonal and off the tridiagonal form QᵀAQ.
    private static void Tridiagonalize(double[] matrix, double[] diagonal, double[] off, int n)
    {
        var reflectors = new List<double[]>(n);
        var product = new double[n];
        for (var k = 0; k < n - 2; k++)
        {
            // The reflector that leaves of column k, below the diagonal, only its first entry.
            var u = new double[n];
            var scale = 0.0;
            for (var i = k + 1; i < n; i++)
            {
                scale = Math.Max(scale, Math.Abs(matrix[(i * n) + k]));
            }

            if (scale == 0)
            {
                reflectors.Add(u);
                continue;
            }

            var norm = 0.0;
            for (var i = k + 1; i < n; i++)
            {
                u[i] = matrix[(i * n) + k] / scale;
                norm += u[i] * u[i];
            }

            u[k + 1] += Math.CopySign(Math.Sqrt(norm), u[k + 1]);
            var length = 0.0;
            for (var i = k + 1; i < n; i++)
            {
                length += u[i] * u[i];
            }

            length = Math.Sqrt(length);
            for (var i = k + 1; i < n; i++)
            {
                u[i] /= length;
            }

            // A − 2u(Au)ᵀ − 2(Au)uᵀ + 4(uᵀAu)uuᵀ, as A − uqᵀ − quᵀ.
            var inner = 0.0;
            for (var i = k; i < n; i++)
            {
                var sum = 0.0;
                for (var j = k + 1; j < n; j++)
                {
                    sum += matrix[(i * n) + j] * u[j];
                }

                product[i] = 2 * sum;
                inner += u[i] * product[i];
            }

            for (var i = k; i < n; i++)
            {
                product[i] -= inner * u[i];
            }

            for (var i = k; i < n; i++)
            {
                for (var j = k; j < n; j++)
                {
                    matrix[(i * n) + j] -= (u[i] * product[j]) + (product[i] * u[j]);
                }
            }

            reflectors.Add(u);
        }

        for (var i = 0; i < n; i++)
        {
            diagonal[i] = matrix[(i * n) + i];
            off[i] = i + 1 < n ? matrix[(i * n) + i + 1] : 0;
        }

        Accumulate(matrix, reflectors, n);
    }

    private static void Accumulate(double[] matrix, List<double[]> reflectors, int n)
    {
        Array.Clear(matrix);
        for (var i = 0; i < n; i++)
        {
            matrix[(i * n) + i] = 1;
        }

        for (var k = reflectors.Count - 1; k >= 0; k--)
        {
            var u = reflectors[k];
            for (var j = k + 1; j < n; j++)
            {
                var sum = 0.0;
                for (var i = k + 1; i < n; i++)
                {
                    sum += u[i] * matrix[(i * n) + j];
                }

                for (var i = k + 1; i < n; i++)
                {
                    matrix[(i * n) + j] -= 2 * sum * u[i];
                }
            }
        }
    }

    private static bool Diagonalize(double[] vectors, double[] diagonal, double[] off, int n)
    {
        for (var l = 0; l < n; l++)
        {
            for (var sweep = 0; ; sweep++)
            {
                var m = l;
                while (m < n - 1 && Math.Abs(off[m]) > double.Epsilon + (1e-16 * (Math.Abs(diagonal[m]) + Math.Abs(diagonal[m + 1]))))
                {
                    m++;
                }

                if (m == l)
                {
                    break;
                }

                if (sweep == MostSweeps || !double.IsFinite(diagonal[l]))
                {
                    return false;
                }

                Sweep(vectors, diagonal, off, n, l, m);
            }
        }

        return true;
    }

    // One implicit QL step with Wilkinson's shift on the unreduced block from l to m.
    private static void Sweep(double[] vectors, double[] diagonal, double[] off, int n, int l, int m)
    {
        var g = (diagonal[l + 1] - diagonal[l]) / (2 * off[l]);
        var r = Hypotenuse(g, 1);
        g = diagonal[m] - diagonal[l] + (off[l] / (g + Math.CopySign(r, g)));
        var (sine, cosine, p) = (1.0, 1.0, 0.0);
        for (var i = m - 1; i >= l; i--)
        {
            var f = sine * off[i];
            var b = cosine * off[i];
            r = Hypotenuse(f, g);
            off[i + 1] = r;
            if (r == 0)
            {
                diagonal[i + 1] -= p;
                off[m] = 0;
                return;
            }

            sine = f / r;
            cosine = g / r;
            g = diagonal[i + 1] - p;
            r = ((diagonal[i] - g) * sine) + (2 * cosine * b);
            p = sine * r;
            diagonal[i + 1] = g + p;
            g = (cosine * r) - b;
            for (var k = 0; k < n; k++)
            {
                var (left, right) = (vectors[(k * n) + i], vectors[(k * n) + i + 1]);
                vectors[(k * n) + i + 1] = (sine * left) + (cosine * right);
                vectors[(k * n) + i] = (cosine * left) - (sine * right);
            }
        }

        diagonal[l] -= p;
        off[l] = g;
        off[m] = 0;
    }

    private static double Hypotenuse(double a, double b)
    {
        var (large, small) = (Math.Max(Math.Abs(a), Math.Abs(b)), Math.Min(Math.Abs(a), Math.Abs(b)));
        return large == 0 ? 0 : large * Math.Sqrt(1 + (small / large * (small / large)));
    }

    // Columns in order of their values, as rows.
    private static void Sort(double[] matrix, double[] values, int n)
    {
        var order = Enumerable.Range(0, n).OrderByDescending(i => values[i]).ToArray();
        var (columns, unsorted) = ((double[])matrix.Clone(), (double[])values.Clone());
        for (var i = 0; i < n; i++)
        {
            values[i] = unsorted[order[i]];
            for (var k = 0; k < n; k++)
            {
                matrix[(i * n) + k] = columns[(k * n) + order[i]];
            }
        }
    }
}
