using System.Globalization;
using System.Text.RegularExpressions;
using AgentSentinel.Cli.Tests.Run;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed partial class EvaluateCommandTests
{
    private static readonly string Corpus = Path.Combine(AppContext.BaseDirectory, "data", "nab");

    [Fact]
    public async Task The_detector_is_run_over_the_benchmark_and_scored_for_each_profile()
    {
        var (exitCode, output) = await SentinelProcess.RunAsync("evaluate", "--nab", Corpus);
        Assert.True(exitCode == 0, output);
        Assert.Contains("3 series, 3,908 rows, 7 windows; gauge", output, StringComparison.Ordinal);
        Assert.Contains("At the configured budget", output, StringComparison.Ordinal);

        // Two of the seven windows are found by nobody.
        Assert.InRange(Standard(output), 55, 72);
    }

    [Fact]
    public async Task Given_results_are_scored_instead()
    {
        var (exitCode, output) = await SentinelProcess.RunAsync("evaluate", "--nab", Corpus, "--results", Path.Combine(Corpus, "reference-results", "numenta"));
        Assert.True(exitCode == 0, output);
        Assert.Equal(65.35, Standard(output), 1e-9);
    }

    [Fact]
    public async Task What_is_not_there_is_told()
    {
        Assert.Equal(2, (await SentinelProcess.RunAsync("evaluate")).ExitCode);
        Assert.Equal(2, (await SentinelProcess.RunAsync("evaluate", "--nab", Corpus, "--detector", "magic")).ExitCode);
        var (exitCode, output) = await SentinelProcess.RunAsync("evaluate", "--nab", Path.Combine(Corpus, "nowhere"));
        Assert.Equal(1, exitCode);
        Assert.Contains("windows.json", output, StringComparison.Ordinal);
    }

    private static double Standard(string output) => double.Parse(StandardLine().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s+standard\s+(-?[\d.]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex StandardLine();
}
