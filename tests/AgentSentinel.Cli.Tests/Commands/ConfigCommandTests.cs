using AgentSentinel.Cli.Tests.Run;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed class ConfigCommandTests
{
    [Theory]
    [InlineData("config")]
    [InlineData("run")]
    public async Task Everything_that_is_wrong_is_listed_at_once_and_nothing_starts(string command)
    {
        var (exitCode, output) = await SentinelProcess.RunAsync(
            command,
            "--set", "Kafka:Bootstrap=x",
            "--set", "Response:Suspension:Mode=Sometimes",
            "--set", "Webhook:Url=http://example.com",
            "--set", "nonsense");
        Assert.Equal(2, exitCode);
        foreach (var expected in (string[])["Kafka:Bootstrap", "Response:Suspension:Mode", "Webhook:Url", "--set"])
        {
            Assert.Contains(expected, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_mode_that_suspends_needs_somebody_to_tell()
    {
        var (exitCode, output) = await SentinelProcess.RunAsync("run", "--set", "Response:Suspension:Mode=Automatic");
        Assert.Equal(2, exitCode);
        Assert.Contains("Webhook:Url", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_option_is_printed_with_its_meaning_and_secrets_are_not()
    {
        var secret = "whsec_" + Convert.ToBase64String(new byte[32]);
        var (exitCode, output) = await SentinelProcess.RunAsync("config", "--set", $"Webhook:Secrets:0={secret}", "--set", "Kafka:GroupId=soc");
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(secret, output, StringComparison.Ordinal);
        Assert.Contains("Kafka:GroupId = soc", output, StringComparison.Ordinal);
        foreach (var row in OptionsDocument.Describe(new SentinelOptions()))
        {
            Assert.Contains(row.Key + " =", output, StringComparison.Ordinal);
            Assert.Contains(row.Description, output, StringComparison.Ordinal);
        }
    }
}
