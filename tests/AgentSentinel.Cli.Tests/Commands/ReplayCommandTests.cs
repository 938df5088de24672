using System.Globalization;
using System.Text.Json;
using AgentSentinel.Cli.Tests.Run;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_recording_gives_the_same_scores_and_alerts_byte_for_byte()
    {
        var calls = _folder.File("calls.jsonl.gz");
        var (simulated, told) = await SentinelProcess.RunAsync("simulate", "--seed", "3", "--agents", "20", "--duration", "20d", "--quiet-for", "16d", "--incidents", "6", "--out", calls);
        Assert.True(simulated == 0, told);
        foreach (var run in (string[])["1", "2"])
        {
            var (exitCode, output) = await SentinelProcess.RunAsync("replay", calls, "--scores", _folder.File("scores" + run), "--alerts", _folder.File("alerts" + run));
            Assert.True(exitCode == 0, output);
            Assert.Contains("0 refused", output, StringComparison.Ordinal);
        }

        Assert.Equal(Bytes("scores1"), Bytes("scores2"));
        Assert.Equal(Bytes("alerts1"), Bytes("alerts2"));
        Assert.NotEmpty(Bytes("alerts1"));
        Assert.All(await File.ReadAllLinesAsync(_folder.File("scores1"), TestContext.Current.CancellationToken), AssertScore);
    }

    [Fact]
    public async Task Refused_lines_are_told_with_their_place_and_reason_and_the_others_count()
    {
        var calls = _folder.File("calls.jsonl");
        await File.WriteAllLinesAsync(calls, [Call(1), "{\"id\":", Call(2), "", Call(3).Replace("agent_id", "agent", StringComparison.Ordinal), Call(2)], TestContext.Current.CancellationToken);
        var (exitCode, output) = await SentinelProcess.RunAsync("replay", calls);
        Assert.Equal(0, exitCode);
        Assert.Contains("calls.jsonl:2: refused: malformed_json", output, StringComparison.Ordinal);
        Assert.Contains("calls.jsonl:5: refused: missing_field (agent_id)", output, StringComparison.Ordinal);
        Assert.Contains("5 events", output, StringComparison.Ordinal);
        Assert.Contains("2 accepted", output, StringComparison.Ordinal);
        Assert.Contains("1 repeats, 2 refused", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_after_the_freeze_stays_unfamiliar()
    {
        // A tool that is new on the last day, used on each of its hours.
        var calls = _folder.File("calls.jsonl");
        await File.WriteAllLinesAsync(
            calls,
            Enumerable.Range(0, 24 * 30).Select(i => Call(i, hour: i, tool: i >= 24 * 29 && i % 2 == 1 ? "crm.export" : "crm.read")),
            TestContext.Current.CancellationToken);
        Assert.Equal(12, await UnfamiliarAsync(calls, "--freeze-at", "2026-03-31T00:00:00Z"));
        Assert.Equal(1, await UnfamiliarAsync(calls, "--set", "Detection:FalseAlertsPerAgentAnd30Days=0.001"));
    }

    [Fact]
    public async Task A_missing_file_is_an_error_of_usage()
    {
        var (exitCode, output) = await SentinelProcess.RunAsync("replay", _folder.File("nothing.jsonl"));
        Assert.Equal(2, exitCode);
        Assert.Contains("No such file", output, StringComparison.Ordinal);
    }

    private static string Call(int number, int hour = 0, string tool = "crm.read") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"id":"call-{{number}}","time":"{{new DateTime(2026, 3, 2).AddHours(hour):yyyy-MM-dd'T'HH:mm:ss'Z'}}","agent_id":"agent","tool":"{{tool}}"}""");

    private static void AssertScore(string line)
    {
        using var score = JsonDocument.Parse(line);
        Assert.Equal(["id", "agent_id", "session_id", "score", "detector", "evidence"], score.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.InRange(score.RootElement.GetProperty("score").GetDouble(), 0, 1e9);
    }

    private async Task<int> UnfamiliarAsync(string calls, params string[] arguments)
    {
        // The mix of tools becomes odd too, and a score names only what is oddest.
        var (exitCode, output) = await SentinelProcess.RunAsync(
            ["replay", calls, "--scores", _folder.File("scores"), "--set", "Detectors:ToolMix:Enabled=false", .. arguments]);
        Assert.True(exitCode == 0, output);
        return (await File.ReadAllLinesAsync(_folder.File("scores"), TestContext.Current.CancellationToken)).Skip(24 * 29).Count(l => l.Contains("\"novelty\"", StringComparison.Ordinal));
    }

    private byte[] Bytes(string name) => File.ReadAllBytes(_folder.File(name));
}
