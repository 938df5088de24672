using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Tests;
using AgentSentinel.Core.Tests.Detectors;
using AgentSentinel.MachineLearning.Detectors;
using AgentSentinel.MachineLearning.Series;

namespace AgentSentinel.MachineLearning.Tests.Detectors;

/// <summary>Engines in the line: what they are shown, and when.</summary>
public sealed class SeriesDetectorTests
{
    public static TheoryData<string> Names => [.. SeriesEngines.Names];

    [Fact]
    public void None_runs_unless_it_is_enabled() => Assert.Empty(MachineLearningDetectors.Create(new MachineLearningOptions()));

    [Fact]
    public void Enabled_they_bear_the_names_of_the_engines() =>
        Assert.Equal(SeriesEngines.Names, RegisteredDetectors.Create().Select(detector => detector.Name));

    [Theory, MemberData(nameof(Names))]
    public void What_is_learned_of_an_agent_takes_a_few_kilobytes_saved(string name)
    {
        var subject = new Subject(Detector(name));
        foreach (var call in SomeLife.Ordinary(21))
        {
            subject.Observe(call);
        }

        Assert.InRange(subject.Bytes.Length, 100, 2048);
    }

    [Theory, MemberData(nameof(Names))]
    public void Counts_are_scored_as_by_an_engine_that_is_shown_every_window_empty_ones_too(string name)
    {
        // Windows of one minute, so that each is complete when it closes.
        var options = new SeriesEngineOptions { HistoryLength = 20, SeasonLength = 5, TrainingLength = 35, WindowLength = 24 };
        var subject = new Subject(new SeriesDetector(name, 0.1, 1, options));
        var engine = SeriesEngines.Create(name, options);
        var random = new Random(22);
        var (found, compared) = (new List<Finding>(), 0);
        for (var minute = 0; minute < 600; minute++)
        {
            var calls = random.Next(3) == 0 ? random.Next(1, 12) : 0;
            if (minute == 0)
            {
                calls = 1;
            }

            for (var i = 0; i < calls; i++)
            {
                subject.Observe(Some.ToolCall(Some.Monday.AddMinutes(minute).AddSeconds(i)));
            }

            found.Clear();
            subject.CloseBefore(Some.Monday.AddMinutes(minute + 1), found.Add);
            var score = engine.Push(calls);
            if (calls > 0)
            {
                var finding = Assert.Single(found);
                var isReady = engine.IsReady && minute > 100;
                Assert.True(!isReady || finding.Surprisal == 0 || Math.Abs(finding.ExpectedHigh - Math.Max(0, score.ExpectedHigh)) < 1e-4, $"{minute}: {finding} {score}");
                compared += isReady && finding.Surprisal > 0 ? 1 : 0;
            }
        }

        Assert.InRange(compared, 20, 600);
    }

    [Theory]
    [InlineData(SeriesEngines.IidSpike)]
    [InlineData(SeriesEngines.SsaSpike)]
    [InlineData(SeriesEngines.SpectralResidual)]
    public void A_burst_of_thirty_times_the_usual_is_raised_once_its_window_has_closed(string name)
    {
        var detector = Detector(name);
        var engine = new DetectionEngine(new DetectionOptions(), [detector], new VolatileState());
        var output = new DetectionOutput();
        var (time, id) = (Some.Monday, 0);
        for (; time < Some.Monday.AddDays(14); time = time.AddMinutes(2))
        {
            Call();
        }

        var begin = time;
        var before = output.Anomalies.Count;
        for (; time < begin.AddMinutes(60); time = time.AddSeconds(4))
        {
            Call();
        }

        for (; time < begin.AddMinutes(130); time = time.AddMinutes(2))
        {
            Call();
        }

        Assert.Empty(output.Failures);
        Assert.Equal(0, before);
        var anomaly = output.Anomalies.First();
        Assert.InRange(anomaly.Time, begin, begin.AddMinutes(70));
        Assert.True(anomaly.Evidence.Observed > anomaly.Evidence.ExpectedHigh);
        Assert.Contains("calls in", anomaly.Evidence.Explanation, StringComparison.Ordinal);

        void Call() => Assert.Equal(CallVerdict.Accepted, engine.Process(Some.ToolCall(time, $"c{id++}"), time, output));
    }

    [Fact]
    public void A_change_point_that_was_raised_is_not_raised_by_the_same_bets_again()
    {
        var subject = new Subject(Detector(SeriesEngines.IidChangePoint));
        var time = Some.Monday;
        for (; time < Some.Monday.AddDays(2); time = time.AddMinutes(1))
        {
            subject.Observe(Some.ToolCall(time));
        }

        var (highest, raised) = (0.0, 0);
        for (var step = 1; step <= 30; step++)
        {
            for (var end = time.AddMinutes(10); time < end; time = time.AddSeconds(30.0 / step))
            {
                subject.Observe(Some.ToolCall(time), finding => highest = Math.Max(highest, finding.LogReturnPeriod), highest > 2 ? LearningGate.Suspicious : LearningGate.Open);
            }

            raised += highest > 2 ? 1 : 0;
            highest = 0;
        }

        Assert.InRange(raised, 1, 10);
    }

    private static Detector Detector(string name) => RegisteredDetectors.Create().Single(detector => detector.Name == name);
}
