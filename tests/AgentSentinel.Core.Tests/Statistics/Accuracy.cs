namespace AgentSentinel.Core.Tests.Statistics;

/// <summary>Compares with tables of 20 digits; a failure names every row that is off.</summary>
internal static class Accuracy
{
    public static void Holds(double[][] rows, int resultColumn, double absolute, double relative, Func<double[], double> computed)
    {
        var failures = new List<string>();
        foreach (double[] row in rows)
        {
            double expected = row[resultColumn];
            double actual = computed(row);
            double error = Math.Abs(actual - expected);
            if (!(error <= absolute + relative * Math.Abs(expected)))
            {
                failures.Add($"({string.Join(", ", row[..^1])}): {actual:R}, not {expected:R}, off by {error:E2}");
            }
        }

        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }
}
