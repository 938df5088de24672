using System.Text.Json;
using AgentSentinel.Cli.Tests.Run;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed class TrainCommandTests
{
    [Fact]
    public async Task A_model_is_written_with_its_evaluation_and_loaded_again()
    {
        using var folder = new TemporaryFolder();
        var (telemetry, model) = (folder.File("fleet.jsonl.gz"), folder.File("fleet-priors/3"));
        await RunAsync("simulate", "--agents", "12", "--duration", "17d", "--quiet-for", "15d", "--incidents", "2", "--seed", "5", "--out", telemetry);

        var card = await RunAsync("train", telemetry, "--out", model);
        Assert.Contains("# fleet-priors 3", card, StringComparison.Ordinal);

        using var parameters = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(model, "parameters.json"), TestContext.Current.CancellationToken));
        Assert.Equal("3", parameters.RootElement.GetProperty("version").GetString());
        var volume = parameters.RootElement.GetProperty("detectors").EnumerateArray().Single(d => d.GetProperty("name").GetString() == "volume");
        Assert.Equal(10, volume.GetProperty("channels").GetArrayLength());

        using var evaluation = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(model, "evaluation.json"), TestContext.Current.CancellationToken));
        Assert.Equal(12, evaluation.RootElement.GetProperty("trained_on").GetInt32() + evaluation.RootElement.GetProperty("held_out").GetInt32());

        // Twice the same, a version is written once, and the model is one that can be started with.
        await RunAsync("train", telemetry, "--out", folder.File("again/3"));
        Assert.Equal(
            (await File.ReadAllTextAsync(Path.Combine(model, "parameters.json"), TestContext.Current.CancellationToken)).Replace("fleet-priors", "again", StringComparison.Ordinal),
            await File.ReadAllTextAsync(folder.File("again/3/parameters.json"), TestContext.Current.CancellationToken));
        Assert.Equal(2, (await SentinelProcess.RunAsync("train", telemetry, "--out", model)).ExitCode);
        Assert.Equal(2, (await SentinelProcess.RunAsync("train", "-", "--out", folder.File("other/1"))).ExitCode);
        await RunAsync("evaluate", telemetry, "--set", $"Declarations:ModelFolder={model}");
    }

    [Fact]
    public async Task The_model_that_comes_with_the_product_can_be_started_with()
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "models", "fleet-priors", "2");
        Assert.Contains("ModelFolder", await RunAsync("config", "--set", $"Declarations:ModelFolder={shipped}"), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var (exitCode, output) = await SentinelProcess.RunAsync(arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
