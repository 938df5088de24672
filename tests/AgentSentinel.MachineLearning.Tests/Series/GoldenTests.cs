namespace AgentSentinel.MachineLearning.Tests.Series;

/// <summary>The answers are those of the reference, case by case of its manifest.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Files => [.. GoldenCase.All.Select(golden => golden.File)];

    public static TheoryData<string> StreamedSsaFiles => [.. GoldenCase.All.Where(golden => golden.IsStreamedSsa && golden.MeasuresSignedDifference).Select(golden => golden.File)];

    public static TheoryData<string> ModelFiles => [.. GoldenCase.All.Where(golden => golden.Mode == "batch").Select(golden => golden.File)];

    [Fact]
    public void Every_case_of_the_manifest_is_there_and_is_compared()
    {
        Assert.Equal(163, GoldenCase.All.Count);
        Assert.Equal(163, GoldenCase.FilesOnDisk);
        Assert.Equal(163, GoldenCase.All.Select(golden => golden.File).Distinct().Count());
        Assert.All(GoldenCase.All, golden => Assert.Contains(golden.Mode, (string[])["batch", "batch_tail", "stream", "batch_and_stream"]));

        // The reference's streaming of SSA scores against the wrong forecast: what is compared are the rows of its batch, and its forecasts.
        Assert.Equal(28, GoldenCase.All.Count(golden => golden.IsStreamedSsa));
        Assert.Equal(24, StreamedSsaFiles.Count);
    }

    [Theory, MemberData(nameof(Files))]
    public void An_engine_fed_one_by_one_answers_as_the_reference_does_in_batch(string file)
    {
        var golden = GoldenCase.Of(file);
        var (inputs, outputs) = golden.ReadBatch();
        var engine = golden.Plan.CreateEngine();
        for (var row = 0; row < inputs.Length; row++)
        {
            Parity.AssertRow(golden, row, inputs, outputs[row], golden.Columns(engine.Push(inputs[row])));
        }
    }

    // Its streaming engine consumes a value before it scores it: value − raw score is its forecast of the value that follows.
    [Theory, MemberData(nameof(StreamedSsaFiles))]
    public void Forecasts_are_those_that_the_reference_makes_when_it_streams(string file)
    {
        var golden = GoldenCase.Of(file);
        var (inputs, outputs) = golden.Read();
        var engine = golden.Plan.CreateEngine();
        for (var row = 0; row < inputs.Length; row++)
        {
            engine.Push(inputs[row]);
            if (float.IsFinite(inputs[row]))
            {
                var theirs = inputs[row] - outputs[row][1];
                Assert.Equal(theirs, engine.Score(0).Expected, 2e-5 * Math.Max(1, Math.Abs(theirs)));
            }
        }
    }

    [Theory, MemberData(nameof(ModelFiles))]
    public void A_fitted_model_is_the_references(string file)
    {
        var golden = GoldenCase.Of(file);
        var theirs = golden.Model;
        var ours = golden.FitModel();
        Assert.Equal(theirs.GetProperty("windowSize").GetInt32(), ours.WindowSize);
        Assert.Equal(theirs.GetProperty("nextPrediction").GetDouble(), golden.Plan.CreateEngine().Score(0).Expected, 1e-4);

        // A series that a basis reproduces without error leaves to rounding how large the basis is.
        if (!golden.ParityClass.StartsWith("degenerate", StringComparison.Ordinal))
        {
            Assert.Equal(theirs.GetProperty("rank").GetInt32(), ours.Rank);
            Assert.All(theirs.GetProperty("alpha").EnumerateArray().Zip(ours.Recurrence), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 1e-4));
        }
    }

    [Fact]
    public void Thresholds_of_change_points_are_the_references()
    {
        var changes = GoldenCase.All.Where(golden => golden.AlertThreshold is not null).ToArray();
        Assert.NotEmpty(changes);
        Assert.All(changes, golden => Assert.Equal(golden.AlertThreshold!.Value, Math.Exp(golden.Rule.LogThreshold), 1e-12 * golden.AlertThreshold.Value));
    }
}
