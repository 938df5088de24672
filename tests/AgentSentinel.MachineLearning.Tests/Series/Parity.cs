using System.Numerics;
using AgentSentinel.MachineLearning.Series;

namespace AgentSentinel.MachineLearning.Tests.Series;

/// <summary>Compares answers with the reference's, as strictly as the case's class says. A class or a file without a rule here fails.</summary>
internal static class Parity
{
    // Single-precision forecasts differ by this much of the value from one build of the reference's algebra to the next.
    private const double SingleRounding = 5e-6;

    internal static void AssertRow(GoldenCase golden, int row, float[] inputs, double[] expected, double[] actual)
    {
        var problem = (golden.ParityClass.Split([' ', ':'])[0], golden.Detector) switch
        {
            ("strict", _) => Strict(expected, actual),
            ("degenerate", "DetectAnomalyBySrCnn") or ("tolerant", "DetectAnomalyBySrCnn") => Spectral(golden, row, inputs, expected, actual),
            ("degenerate", _) => Forecast(expected, actual, 2e-5 * Math.Max(1, Math.Abs(inputs[row]))),
            ("tolerant", _) when golden.ParityClass.Contains("long zero stretches", StringComparison.Ordinal) =>
                Forecast(expected, actual, 1e-5) ?? (double.IsNaN(expected[2]) ? null : Density(expected, actual, 1e-3)),
            ("tolerant", _) => Tolerant(golden, inputs[row], expected, actual),
            _ => $"has the class '{golden.ParityClass}', for which there is no rule",
        };
        if (problem is not null)
        {
            Assert.Fail($"{golden.File}, row {row}, value {inputs[row]}: {problem}\nexpected {string.Join(", ", expected)}\nactual   {string.Join(", ", actual)}");
        }
    }

    private static string? Strict(double[] expected, double[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (!IsNear(expected[i], actual[i], 1e-12 * Math.Abs(expected[i])))
            {
                return $"column {i} differs by more than 1e-12";
            }
        }

        return null;
    }

    // "RawScore rel 1e-4, p abs 1e-4, alerts equal"; a raw score is a difference, so the rounding of what it is the difference of comes on top.
    private static string? Tolerant(GoldenCase golden, float input, double[] expected, double[] actual)
    {
        var rounding = SingleRounding * Math.Max(1, Math.Abs(input));
        if (golden.File.Contains("SquaredDifference", StringComparison.Ordinal))
        {
            rounding *= 2 * Math.Sqrt(Math.Abs(expected[1]));
        }

        return Forecast(expected, actual, (1e-4 * Math.Abs(expected[1])) + rounding) ?? Density(expected, actual, 1e-4);
    }

    private static string? Forecast(double[] expected, double[] actual, double tolerance) =>
        IsNear(expected[1], actual[1], tolerance) ? null : $"the raw score differs by more than {tolerance}";

    private static string? Density(double[] expected, double[] actual, double tolerance) =>
        expected[0] != actual[0] ? "the alert differs"
        : !IsNear(expected[2], actual[2], tolerance) ? $"the p-value differs by more than {tolerance}"
        : null;

    // "rel 1e-3 typical", where rounding does not decide. A raw score is a tenth of the relative difference of two saliences.
    private static string? Spectral(GoldenCase golden, int row, float[] inputs, double[] expected, double[] actual)
    {
        var rule = golden.SpectralRule;
        var mayBeNoise = golden.ParityClass.StartsWith("degenerate", StringComparison.Ordinal) && row >= rule.WindowSize - 1;
        if (mayBeNoise && IsDecidedByRounding(inputs.AsSpan(row - rule.WindowSize + 1, rule.WindowSize), rule, expected))
        {
            return actual.All(double.IsFinite) ? null : "is not finite";
        }

        return expected[0] != actual[0] ? "the alert differs"
            : !IsNear(expected[1], actual[1], Math.Max(1e-3 * expected[1], 1e-4)) ? "the raw score differs by more than 1e-3"
            : !IsNear(expected[2], actual[2], Math.Max(2e-3 * expected[2], 1e-4)) ? "the magnitude differs by more than 2e-3"
            : null;
    }

    // Where a frequency vanishes, the answer is a logarithm of noise; where one is of magnitude 1, its logarithm is 0 or not quite, and it is dropped or not;
    // and where there is nothing salient, a ratio of two noises.
    private static bool IsDecidedByRounding(ReadOnlySpan<float> window, SpectralResidualRule rule, double[] expected)
    {
        var (copies, look) = (rule.BackAddWindowSize, rule.LookaheadWindowSize);
        var before = window.Slice(window.Length - look - 2, look + 1);
        double extrapolated = before[1];
        for (var i = 0; i < look; i++)
        {
            extrapolated += (before[look] - before[i]) / (look - i);
        }

        double[] values = [.. Array.ConvertAll(window.ToArray(), value => (double)value), .. Enumerable.Repeat(extrapolated, copies)];
        var total = values.Sum(Math.Abs);
        return expected[2] < 1e-6 || Enumerable.Range(1, values.Length - 1)
            .Select(k => values.Select((value, m) => value * Complex.FromPolarCoordinates(1, -2 * Math.PI * k * m / values.Length)).Aggregate(Complex.Add).Magnitude)
            .Any(magnitude => magnitude < 1e-5 * total || Math.Abs(magnitude - 1) < 1e-6);
    }

    private static bool IsNear(double expected, double actual, double tolerance) =>
        double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= tolerance;
}
