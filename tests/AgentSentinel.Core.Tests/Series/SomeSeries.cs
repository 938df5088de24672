using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Tests.Series;

/// <summary>Five-minute series with an ordinary day, drawn from a seed, in which a test makes something odd.</summary>
internal static class SomeSeries
{
    public const int RowsPerDay = 288;
    public const double ThresholdDays = 30;

    public static DateTimeOffset Time(int row) => Some.Monday.AddMinutes(5 * row);

    /// <summary>A daily wave of ±40 around 100 with some noise.</summary>
    public static double[] Daily(int seed, int days)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, days * RowsPerDay).Select(i => 100 + (40 * Math.Sin(i * 2 * Math.PI / RowsPerDay)) + (4 * Normal(random)))];
    }

    /// <summary>Skewed noise without a rhythm, such as latencies.</summary>
    public static double[] Skewed(int seed, int days)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, days * RowsPerDay).Select(_ => 20 * Math.Exp(0.5 * Normal(random)))];
    }

    /// <summary>Bursts of work every six hours over a low base, as of a batch job.</summary>
    public static double[] Batches(int seed, int days)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, days * RowsPerDay).Select(i => 5 + (0.3 * Normal(random)) + (i % 72 < 2 || random.Next(250) == 0 ? 30 + (20 * random.NextDouble()) : 0))];
    }

    /// <summary>A level that wanders, as of a temperature.</summary>
    public static double[] Wandering(int seed, int days)
    {
        var random = new Random(seed);
        var level = 0.0;
        return [.. Enumerable.Range(0, days * RowsPerDay).Select(_ => 20 + (level = (0.995 * level) + (0.1 * Normal(random))) + (0.05 * Normal(random)))];
    }

    /// <summary>Over-dispersed counts with a daily rhythm and a rare busy moment.</summary>
    public static double[] Busy(int seed, int days)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, days * RowsPerDay).Select(i =>
        {
            var mean = 12 * (1 + (0.6 * Math.Sin(i * 2 * Math.PI / RowsPerDay))) * Math.Exp(0.35 * Normal(random)) * (random.Next(500) == 0 ? 3 + (5 * random.NextDouble()) : 1);
            return Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * Normal(random))));
        })];
    }

    public static SeriesScore[] Score(IReadOnlyList<double> values)
    {
        var scorer = new GaugeScorer(ThresholdDays);
        return [.. values.Select((value, row) => scorer.Push(Time(row), value))];
    }

    /// <summary>Rows with an alert.</summary>
    public static int[] Alerts(IReadOnlyList<double> values) => [.. Score(values).Index().Where(s => s.Item.IsAlert).Select(s => s.Index)];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
