using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentSentinel.Cli.Evaluation.Fleet;
using AgentSentinel.Service.Options;
using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Tests.Evaluation.Fleet;

public sealed class FleetEvaluationTests
{
    private static readonly DateTimeOffset Later = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly SimulationOptions Options = new()
    {
        Agents = 8,
        Duration = TimeSpan.FromDays(16),
        QuietFor = TimeSpan.FromDays(14),
        Incidents = 6,
        Disturbances = 4,
    };

    [Fact]
    public void A_file_gives_the_figures_that_the_simulation_gives_in_memory()
    {
        using var inMemory = new FleetEvaluation(new SentinelOptions(), Later);
        inMemory.Take(new Simulation(Options));
        using var fromFile = new FleetEvaluation(new SentinelOptions(), Later);
        foreach (var line in Lines())
        {
            fromFile.Take(line);
        }

        Assert.Equal(Json(inMemory), Json(fromFile));
        Assert.Equal(0, fromFile.Unlabelled);
    }

    /// <summary>The same with a thousand agents: <c>sentinel evaluate --simulate --agents 1000 --duration 28d --quiet-for 27d --incidents 0 --disturbances 0 --content --seed …</c>.</summary>
    [Fact]
    public void On_a_clean_fleet_the_detectors_of_behaviour_keep_to_their_budget()
    {
        string[] behaviour = ["novelty", "sequence", "repetition", "lineage", "data-mixing", "secrets", "credential-use"];
        using var evaluation = new FleetEvaluation(new SentinelOptions(), Later);
        evaluation.Take(new Simulation(new SimulationOptions { Seed = 41, Agents = 40, Duration = TimeSpan.FromDays(19), QuietFor = TimeSpan.FromDays(18), Incidents = 0, Content = true }));
        var figures = evaluation.Figures(TimeSpan.FromHours(1)).Detectors.Where(detector => behaviour.Contains(detector.Name)).ToList();
        Assert.Equal(behaviour.Length, figures.Count);
        Assert.InRange(figures.Sum(detector => detector.Spent), 0, figures.Sum(detector => detector.Allowed));
    }

    [Fact]
    public void Labels_change_nothing_that_is_found()
    {
        using var labelled = new FleetEvaluation(new SentinelOptions(), Later);
        using var bare = new FleetEvaluation(new SentinelOptions(), Later);
        foreach (var line in Lines())
        {
            labelled.Take(line);
            var text = Encoding.UTF8.GetString(line.Span);
            bare.Take(Encoding.UTF8.GetBytes(text[..text.IndexOf(",\"labels\"", StringComparison.Ordinal)] + "}"));
        }

        Assert.Equal(labelled.Run.Anomalies, bare.Run.Anomalies);
        Assert.Equal(bare.Run.Lines, bare.Unlabelled);
        Assert.InRange(labelled.Run.Anomalies, 1, 1_000);
        Assert.Empty(bare.Figures(TimeSpan.FromHours(1)).Incidents);
    }

    [Fact]
    public void The_truth_that_is_read_is_the_truth_that_was_written()
    {
        var json = new ArrayBufferWriter<byte>();
        foreach (var call in new Simulation(Options).Calls().Where(call => call.Incident is not null || call.Disturbance is not null))
        {
            json.ResetWrittenCount();
            SimulatedCallJson.Write(json, call);
            Assert.True(EventTruth.TryRead(json.WrittenSpan, out var truth));
            Assert.Equal(EventTruth.Of(call), truth);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"id\":")]
    [InlineData("{\"id\":\"x\"}")]
    [InlineData("{\"labels\":7}")]
    public void A_line_without_labels_has_no_truth(string line) =>
        Assert.False(EventTruth.TryRead(Encoding.UTF8.GetBytes(line), out _));

    private static IEnumerable<ReadOnlyMemory<byte>> Lines()
    {
        var json = new ArrayBufferWriter<byte>();
        foreach (var call in new Simulation(Options).Calls())
        {
            json.ResetWrittenCount();
            SimulatedCallJson.Write(json, call);
            yield return json.WrittenMemory;
        }
    }

    private static string Json(FleetEvaluation evaluation)
    {
        using var stream = new MemoryStream();
        FleetReport.WriteJson(stream, evaluation.Figures(TimeSpan.FromHours(1)));
        var text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.Equal(1, JsonDocument.Parse(text).RootElement.GetProperty("budget_per30_days").GetDouble());
        return text;
    }
}
