using AgentSentinel.MachineLearning.Tests.Series;
using Microsoft.ML;

namespace AgentSentinel.MachineLearning.Tests.Transforms;

/// <summary>The answers are those of the reference when they are asked for through ML.NET.</summary>
public sealed class SeriesTransformerGoldenTests
{
    public static TheoryData<string> Files => GoldenTests.Files;

    [Theory, MemberData(nameof(Files))]
    public void A_transformer_answers_as_the_reference_does_in_batch(string file)
    {
        var golden = GoldenCase.Of(file);
        var context = new MLContext();
        var (inputs, outputs) = golden.ReadBatch();
        var transformer = golden.Estimator(context.Transforms).Fit(SomeData.Of(context, golden.Training));
        var rows = SomeData.Scores(context, transformer.Transform(SomeData.Of(context, inputs)));
        Assert.Equal(inputs.Length, rows.Count);
        for (var row = 0; row < inputs.Length; row++)
        {
            Assert.Equal(outputs[row].Length, rows[row].Length);
            Parity.AssertRow(golden, row, inputs, outputs[row], rows[row]);
        }
    }
}
