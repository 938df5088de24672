using AgentSentinel.Cli.Tests.Run;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed class AlertCommandTests
{
    [Fact]
    public async Task A_test_alert_tells_what_became_of_each_output()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("alerts.jsonl");
        var (exitCode, output) = await SentinelProcess.RunAsync(
            "alert", "test", "--set", "Alerts:Kafka=false", "--set", $"Alerts:File={file}",
            "--set", "Alerts:Elastic:Url=http://127.0.0.1:1", "--set", "Alerts:Elastic:AllowPrivateTargets=true");
        Assert.Equal(1, exitCode);
        Assert.Contains("file: delivered in", output, StringComparison.Ordinal);
        Assert.Contains("elastic: failed: connection_refused", output, StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(2, lines.Length);
        Assert.Contains("Test alert: nothing happened.", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_is_not_there_is_named_with_those_that_are()
    {
        var (exitCode, output) = await SentinelProcess.RunAsync("alert", "test", "--set", "Alerts:Kafka=false", "--output", "slack");
        Assert.Equal(2, exitCode);
        Assert.Contains("there are: log", output, StringComparison.Ordinal);
    }
}
