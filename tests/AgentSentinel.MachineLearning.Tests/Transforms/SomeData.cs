using Microsoft.ML;

namespace AgentSentinel.MachineLearning.Tests.Transforms;

/// <summary>Data of one column, and the scores of it.</summary>
internal static class SomeData
{
    internal static IDataView Of(MLContext context, IEnumerable<float> values) =>
        context.Data.LoadFromEnumerable(values.Select(value => new Point { Value = value }).ToArray());

    internal static IReadOnlyList<double[]> Scores(MLContext context, IDataView data) =>
        [.. context.Data.CreateEnumerable<Scored>(data, reuseRowObject: false).Select(row => row.Score)];

    internal sealed class Point
    {
        public float Value { get; set; }
    }

    internal sealed class Scored
    {
        public float Value { get; set; }

        public double[] Score { get; set; } = [];
    }
}
