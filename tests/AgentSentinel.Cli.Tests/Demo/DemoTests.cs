using System.Net;
using System.Net.Sockets;
using AgentSentinel.Cli.Demo;
using AgentSentinel.Cli.Tests.Run;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Simulator;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Cli.Tests.Demo;

public sealed class DemoTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_agent_goes_wrong_and_is_noticed_explained_and_suspended()
    {
        var output = new StringWriter();
        DemoSummary summary;
        await using (var view = new LineView(output))
        {
            summary = await new DemoRun(new DemoSettings(TimeSpan.FromSeconds(20), Agents: 20, Seed: 5, Incidents: 6, End: LastThursday()), view, TimeProvider.System)
                .RunAsync(async (_, console, _) => await LookAsync(console), TestContext.Current.CancellationToken);
        }

        var shown = output.ToString();
        Assert.Equal(6, summary.Outcomes.Count);
        Assert.Contains(summary.Outcomes, o => o is { IsSuspended: true, IsConfirmed: true, DetectedAfter: not null });
        Assert.Matches("observed .+, expected .+ to .+: once in ", shown);
        Assert.Contains("signature valid", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("INVALID", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Told_to_stop_in_mid_work_it_drains_and_ends()
    {
        await using var demo = SentinelProcess.Start("demo", "--plain", "--port", "0");
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!demo.Output.Contains("learning:", StringComparison.Ordinal))
        {
            Assert.False(demo.HasExited, demo.Output);
            await Task.Delay(50, late.Token);
        }

        await demo.StopAsync(TimeSpan.FromSeconds(60));
        Assert.DoesNotContain("exception", demo.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_taken_port_is_told_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (exitCode, output) = await SentinelProcess.RunAsync("demo", "--plain", "--port", $"{port}");
        Assert.Equal((1, $"Port {port} of this machine is taken. Choose another with --port, or 0 for a free one."), (exitCode, output.Trim()));
    }

    // The fleet's weeks do not look the same from every day of the week.
    private static DateTimeOffset LastThursday()
    {
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        return today.AddDays(-(((int)today.DayOfWeek + 7 - (int)DayOfWeek.Thursday) % 7));
    }

    // The console has a past, people who dealt with it, and something that waits.
    private static async Task LookAsync(Uri console)
    {
        using var client = new HttpClient { BaseAddress = console };
        Assert.Contains("Waiting for you", await client.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("emma", await client.GetStringAsync("/v1/commands", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("Closed", await client.GetStringAsync("/incidents", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_planned_and_what_was_alarmed_are_held_against_each_other()
    {
        var ledger = new DemoLedger([Planned("caught", "a"), Planned("missed", "b")]);
        ledger.Add(AlertAt("a", Noon.AddMinutes(5)), isLearning: false);
        ledger.Add(AlertAt("a", Noon.AddHours(9)), isLearning: false);
        ledger.Add(AlertAt("b", Noon.AddHours(-1)), isLearning: true);
        ledger.Suspended("a", isLearning: false);
        var summary = ledger.Summarize(Noon.AddDays(1));
        Assert.Equal((1, 1), (summary.Caught, summary.Suspended));
        Assert.Equal(TimeSpan.FromMinutes(5), summary.Outcomes[0].DetectedAfter);
        Assert.Null(summary.Outcomes[1].DetectedAfter);
        Assert.Single(summary.FalseAlarms);
        Assert.Equal(1, summary.DuringLearning);
    }

    [Fact]
    public void What_telemetry_says_cannot_move_the_cursor_or_start_a_line()
    {
        using var output = new StringWriter();
        new LineView(output).Alert(AlertAt("evil\u001b[2J\r\nroot\u202e", Noon));
        var lines = output.ToString().Split(Environment.NewLine);
        Assert.DoesNotContain(lines, l => l.Any(char.IsControl));
        Assert.DoesNotContain('\u202e', output.ToString());
        Assert.Contains(@"evil\u001B[2J\u000D\u000Aroot\u202E", lines[0], StringComparison.Ordinal);
    }

    private static PlannedIncident Planned(string id, string agentId) => new(id, agentId, IncidentKind.BurstX10, "burst_x10", Noon, Noon.AddMinutes(30));

    private static Alert AlertAt(string agentId, DateTimeOffset at) =>
        new("inc_1-1", AlertKind.Opened, at, "inc_1", agentId, Severity.High, $"calls by {agentId}", 5, 1, at, at, null, []);
}
