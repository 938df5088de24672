using AgentSentinel.Core.State;
using AgentSentinel.MachineLearning.Series;
using CsCheck;

namespace AgentSentinel.MachineLearning.Tests.Series;

/// <summary>What every engine keeps to, whatever the series.</summary>
public sealed class SeriesEngineTests
{
    private static readonly Gen<float> Wild = Gen.OneOf(
        Gen.Const(0f),
        Gen.Const(5f),
        Gen.Float[0, 100],
        Gen.Float[-1e6f, 1e6f],
        Gen.OneOfConst(float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, 1e18f, -1e18f));

    // Runs of the same value between the wild ones: constant stretches and long silences.
    private static readonly Gen<float[]> Series =
        Gen.Select(Wild, Gen.Int[1, 30]).Array[5, 40].Select(runs => runs.SelectMany(run => Enumerable.Repeat(run.Item1, run.Item2)).ToArray());

    public static TheoryData<string> Names => [.. SeriesEngines.Names];

    [Theory, MemberData(nameof(Names))]
    public void Whatever_comes_every_score_is_finite_or_not_there(string name) => Series.Sample(
        series =>
        {
            var engine = Create(name);
            foreach (var value in series)
            {
                var score = engine.Push(value);
                Assert.False(double.IsInfinity(score.Raw) || double.IsInfinity(score.Martingale) || double.IsInfinity(score.Magnitude), $"{value}: {score}");
                Assert.True(double.IsNaN(score.PValue) || score.PValue is >= 1e-8 and <= 1 - 1e-8, $"{value}: {score}");
                Assert.True(double.IsFinite(score.Deviation) && score.Deviation >= 0, $"{value}: {score}");
                Assert.True(double.IsFinite(engine.Surprisal(score)) && engine.Surprisal(score) >= 0, $"{value}: {score}");
            }
        },
        iter: 300,
        seed: "0000KOIPe036");

    [Theory, MemberData(nameof(Names))]
    public void After_wild_values_an_engine_soon_answers_as_if_they_had_never_been(string name) => Series.Sample(
        series =>
        {
            // The spectral residual's mean of raw scores and a self-made model remain; p-values, martingales and magnitudes don't.
            var random = new Random(1);
            float[] ordinary = [.. Enumerable.Range(0, 400).Select(i => 20 + (float)(5 * Math.Sin(i / 2.0)) + random.Next(8))];
            var (engine, calm) = (Create(name), Create(name));
            foreach (var value in (float[])[.. ordinary, .. series, .. ordinary])
            {
                engine.Push(value);
            }

            foreach (var value in (float[])[.. ordinary, .. ordinary])
            {
                calm.Push(value);
            }

            var (score, expected) = (engine.Score(40), calm.Score(40));
            Assert.Equal(expected.PValue, score.PValue, 1e-4);
            Assert.Equal(expected.Magnitude, score.Magnitude, 1e-4);
            Assert.True(double.IsNaN(expected.Martingale) || Math.Abs(Math.Log(score.Martingale) - Math.Log(expected.Martingale)) < 1e-2, $"{score} {expected}");
        },
        iter: 100,
        seed: "0000KOIPe036");

    [Theory, MemberData(nameof(Names))]
    public void Scoring_changes_nothing_and_pushing_is_scoring_and_learning(string name) => Series.Sample(
        series =>
        {
            var (pushed, scored) = (Create(name), Create(name));
            foreach (var value in series)
            {
                var before = Bytes(scored);
                var score = scored.Score(value);
                Assert.Equal(before, Bytes(scored));
                scored.Score(value + 1);
                scored.Learn(value, score);
                Assert.Equal(pushed.Push(value), score);
            }

            Assert.Equal(Bytes(pushed), Bytes(scored));
        },
        iter: 50,
        seed: "0000KOIPe036");

    [Theory, MemberData(nameof(Names))]
    public void Saved_anywhere_and_loaded_an_engine_goes_on_as_if_nothing_had_been(string name) => Gen.Select(Series, Series).Sample(
        (before, after) =>
        {
            var original = Create(name);
            foreach (var value in before)
            {
                original.Push(value);
            }

            var restored = Create(name);
            restored.Push(17);
            var reader = new MemoryReader(Bytes(original));
            restored.Load(ref reader);
            reader.ExpectEnd();
            foreach (var value in after)
            {
                Assert.Equal(original.Push(value), restored.Push(value));
            }

            Assert.Equal(Bytes(original), Bytes(restored));
        },
        iter: 100,
        seed: "0000KOIPe036");

    [Theory, MemberData(nameof(Names))]
    public void A_value_a_million_times_the_usual_is_noticed_and_a_usual_one_is_not(string name)
    {
        if (name.EndsWith("change-point", StringComparison.Ordinal))
        {
            return;
        }

        var random = new Random(2);
        var engine = Create(name);
        for (var i = 0; i < 400; i++)
        {
            engine.Push(10 + random.Next(10));
        }

        Assert.False(engine.Score(14).Alert);
        Assert.True(engine.Score(1e7f).Alert);
        Assert.True(engine.Surprisal(engine.Score(1e7f)) > engine.Surprisal(engine.Score(14)));
    }

    [Theory]
    [InlineData(SeriesEngines.IidChangePoint)]
    [InlineData(SeriesEngines.SsaChangePoint)]
    public void A_lasting_shift_is_a_change_point_once(string name)
    {
        var random = new Random(3);
        var engine = SeriesEngines.Create(name, new SeriesEngineOptions { Confidence = 95, HistoryLength = 20, SeasonLength = 4, TrainingLength = 60 });
        var alerts = 0;
        for (var i = 0; i < 300; i++)
        {
            alerts += engine.Push(10 + random.Next(5)).Alert && i >= 200 ? 1 : 0;
        }

        Assert.Equal(0, alerts);
        for (var i = 0; i < 20; i++)
        {
            alerts += engine.Push(60 * MathF.Pow(1.4f, i)).Alert ? 1 : 0;
        }

        Assert.Equal(1, alerts);
    }

    [Fact]
    public void A_huge_value_that_has_left_the_window_leaves_no_trace_in_the_bandwidth()
    {
        var (window, fresh) = (new KernelWindow(20), new KernelWindow(20));
        window.Add(1e15f);
        for (var i = 0; i < 20; i++)
        {
            window.Add(i);
            fresh.Add(i);
        }

        Assert.Equal(fresh.Deviation, window.Deviation, 1e-12);
    }

    [Fact]
    public void Two_engines_of_one_plan_do_not_know_of_each_other()
    {
        var random = new Random(4);
        float[] series = [.. Enumerable.Range(0, 200).Select(_ => (float)random.Next(30))];
        var plan = EnginePlan.Ssa(DensityRule.ChangePoint(95, 20), SsaModel.Fit(series, 12));
        var (first, second, alone) = (plan.CreateEngine(), plan.CreateEngine(), plan.CreateEngine());
        foreach (var value in series)
        {
            var expected = alone.Push(value);
            first.Push(1000 - value);
            Assert.Equal(expected, second.Push(value));
        }
    }

    [Fact]
    public void Pushing_allocates_nothing()
    {
        foreach (var name in SeriesEngines.Names)
        {
            var engine = Create(name);
            for (var i = 0; i < 1000; i++)
            {
                engine.Push(i % 17);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                engine.Push(i % 19);
            }

            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_names_there_are() =>
        Assert.Contains("ml-ssa-spike", Assert.Throws<ArgumentException>(() => SeriesEngines.Create("ml-magic", new SeriesEngineOptions())).Message, StringComparison.Ordinal);

    private static SeriesEngine Create(string name) =>
        SeriesEngines.Create(name, new SeriesEngineOptions { HistoryLength = 30, SeasonLength = 12, TrainingLength = 60, WindowLength = 40 });

    private static byte[] Bytes(SeriesEngine engine)
    {
        var writer = new MemoryWriter();
        engine.Save(writer);
        return writer.Written.ToArray();
    }
}
