using AgentSentinel.Core.State;
using AgentSentinel.MachineLearning.Transforms;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AgentSentinel.MachineLearning.Tests.Transforms;

public sealed class SeriesTransformerTests
{
    private static readonly float[] Series = [.. Enumerable.Range(0, 120).Select(i => 10 + (5 * MathF.Sin(i)) + (i == 100 ? 90 : i % 3))];

    private readonly MLContext _context = new();

    [Fact]
    public void The_scores_of_a_view_are_the_same_however_often_it_is_read()
    {
        var transformer = Estimator().Fit(SomeData.Of(_context, Series));
        var view = transformer.Transform(SomeData.Of(_context, Series));
        var first = SomeData.Scores(_context, view);
        Assert.Equal(first, SomeData.Scores(_context, view));
        Assert.Equal(first, SomeData.Scores(_context, transformer.Transform(SomeData.Of(_context, Series))));
        Assert.Equal(1, first[100][0]);
    }

    [Fact]
    public void A_prediction_engine_scores_one_by_one_as_a_view_does_and_shares_nothing_with_another()
    {
        var transformer = Estimator().Fit(SomeData.Of(_context, Series));
        var expected = SomeData.Scores(_context, transformer.Transform(SomeData.Of(_context, Series)));
        using var engine = _context.Model.CreatePredictionEngine<SomeData.Point, SomeData.Scored>(transformer);
        using var other = _context.Model.CreatePredictionEngine<SomeData.Point, SomeData.Scored>(transformer);
        for (var i = 0; i < Series.Length; i++)
        {
            other.Predict(new SomeData.Point { Value = -Series[i] });
            Assert.Equal(expected[i], engine.Predict(new SomeData.Point { Value = Series[i] }).Score);
        }
    }

    [Fact]
    public void Rows_whose_score_nobody_reads_count_for_the_scores_after_them()
    {
        var view = Estimator().Fit(SomeData.Of(_context, Series)).Transform(SomeData.Of(_context, Series));
        var all = SomeData.Scores(_context, view);
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<VBuffer<double>>(view.Schema["Score"]);
        var score = default(VBuffer<double>);
        for (var i = 0; cursor.MoveNext(); i++)
        {
            if (i % 10 == 9)
            {
                getter(ref score);
                Assert.Equal(all[i], score.DenseValues().ToArray());
            }
        }
    }

    [Fact]
    public void In_a_pipeline_the_scores_go_on_to_the_next_estimator()
    {
        var pipeline = _context.Transforms.DetectIidChangePoint("Score", "Value", 95, 20).Append(_context.Transforms.CopyColumns("Copy", "Score"));
        var data = SomeData.Of(_context, Series);
        var transformed = pipeline.Fit(data).Transform(data);
        Assert.Equal(4, ((VectorDataViewType)transformed.Schema["Copy"].Type).Size);
        Assert.Equal(Series.Length, transformed.GetColumn<double[]>("Copy").Count());
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        transformed.Schema["Score"].GetSlotNames(ref names);
        Assert.Equal(["Alert", "Raw Score", "P-Value Score", "Martingale Score"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Saved_and_loaded_a_transformer_gives_the_same_scores()
    {
        foreach (var estimator in (SeriesEstimator[])
            [
                _context.Transforms.DetectIidSpike("Score", "Value", 95, 20),
                _context.Transforms.DetectIidChangePoint("Score", "Value", 95, 20),
                Estimator(),
                _context.Transforms.DetectChangePointBySsa("Score", "Value", 95, 20, 60, 12),
                _context.Transforms.DetectAnomalyBySrCnn("Score", "Value", windowSize: 30),
            ])
        {
            var transformer = estimator.Fit(SomeData.Of(_context, Series));
            using var file = new MemoryStream();
            transformer.Save(file);
            file.Position = 0;
            var loaded = SeriesTransformer.Load(file);
            Assert.Equal(
                SomeData.Scores(_context, transformer.Transform(SomeData.Of(_context, Series))),
                SomeData.Scores(_context, loaded.Transform(SomeData.Of(_context, Series))));
            var bytes = file.ToArray();
            for (var length = 0; length < bytes.Length; length += 7)
            {
                Assert.Throws<MemoryFormatException>(() => SeriesTransformer.Load(new MemoryStream(bytes[..length])));
            }
        }
    }

    [Fact]
    public void Saving_through_ML_NET_says_what_to_do_instead()
    {
        var data = SomeData.Of(_context, Series);
        var transformer = Estimator().Fit(data);
        using var file = new MemoryStream();
        var refused = Assert.ThrowsAny<Exception>(() => _context.Model.Save(transformer, data.Schema, file));
        Assert.Contains("SeriesTransformer", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        var data = SomeData.Of(_context, Series);
        Assert.Contains("'Gone'", Assert.Throws<ArgumentException>(() => _context.Transforms.DetectIidSpike("Score", "Gone", 95, 20).Fit(data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Transforms.DetectIidSpike("Score", "Value", 101, 20));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Transforms.DetectIidSpike("Score", "Value", 95, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Transforms.DetectIidChangePoint("Score", "Value", 95, 20, eps: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Transforms.DetectSpikeBySsa("Score", "Value", 95, 20, 24, 12));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Transforms.DetectAnomalyBySrCnn("Score", "Value", windowSize: 10));
        var few = Assert.Throws<ArgumentException>(() => _context.Transforms.DetectSpikeBySsa("Score", "Value", 95, 20, 25, 12).Fit(SomeData.Of(_context, Series[..24])));
        Assert.Contains("more than 24 finite values", few.Message, StringComparison.Ordinal);
    }

    private SeriesEstimator Estimator() => _context.Transforms.DetectSpikeBySsa("Score", "Value", 95, 20, 60, 12);
}
