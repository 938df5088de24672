using AgentSentinel.Cli.Tests.Run;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Tests.Api;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed class RemoteCommandTests(RunningApi api) : IClassFixture<RunningApi>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_person_suspends_an_agent_sees_it_and_lifts_it()
    {
        var (exitCode, output) = await RunAsync(Role.Responder, "suspend", "crm\u202E-7", "--reason", "it exports at night");
        Assert.True(exitCode == 0, output);
        Assert.Contains("Done", output, StringComparison.Ordinal);
        Assert.Equal("deny", await api.DecisionAsync("crm\u202E-7"));
        var id = output.Split('\n').Single(l => l.StartsWith("suspension sus_", StringComparison.Ordinal)).Split(' ')[1].Trim();

        await WaitForAsync(async () => (await RunAsync(Role.Viewer, "suspensions")).Output.Contains(id, StringComparison.Ordinal));
        var list = (await RunAsync(Role.Viewer, "suspensions")).Output;
        Assert.Contains(@"crm\u202E-7", list, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', list);
        Assert.Contains("it exports at night", list, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync(Role.Responder, "lift", id, "--reason", "the owner explained")).ExitCode);
        Assert.Equal("allow", await api.DecisionAsync("crm\u202E-7"));
        await WaitForAsync(async () => (await RunAsync(Role.Viewer, "audit", "list", "--kind", "command")).Output.Contains("lift: the owner explained", StringComparison.Ordinal));
        Assert.DoesNotContain('\u202E', (await RunAsync(Role.Viewer, "audit", "list")).Output);
        var (again, said) = await RunAsync(Role.Responder, "lift", "sus_0", "--reason", "there is none");
        Assert.Equal(1, again);
        Assert.Contains("changed nothing", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_admin_registers_agents_out_of_a_file_and_removes_one_again()
    {
        var file = _folder.File("agents.yaml");
        await File.WriteAllTextAsync(
            file,
            "agents:\n  - { id: \"night-*\", owner: emma, protected: true, criticality: high, scope: { tools: [crm.*], actions: [read] } }\n  - { id: day, credentials: [key-day] }\n",
            TestContext.Current.CancellationToken);
        Assert.Contains("403", (await RunAsync(Role.Responder, "agents", "set", file, "--reason", "r")).Output, StringComparison.Ordinal);
        var (exitCode, output) = await RunAsync(Role.Admin, "agents", "set", file, "--reason", "new ones");
        Assert.True(exitCode == 0, output);
        foreach (var id in (string[])["day", "night-*"])
        {
            await WaitForAsync(async () => (await api.GetAsync(Role.Viewer, $"/v1/registry/{id}")).IsSuccessStatusCode);
        }

        var entry = await RunningApi.JsonOf(await api.GetAsync(Role.Viewer, "/v1/registry/night-*"));
        Assert.Equal(("emma", "high", true, true), (entry.GetProperty("owner").GetString(), entry.GetProperty("criticality").GetString(), entry.GetProperty("protected").GetBoolean(), entry.GetProperty("is_amended").GetBoolean()));
        Assert.Equal("crm.*", entry.GetProperty("scope").GetProperty("tools")[0].GetString());

        // A protected agent needs two people from now on.
        (_, output) = await RunAsync(Role.Responder, "suspend", "night-7", "--reason", "looks bad");
        Assert.Contains("a second person has to approve", output, StringComparison.Ordinal);
        (exitCode, output) = await RunAsync(Role.Admin, "agents", "remove", "day", "--reason", "gone");
        Assert.True(exitCode == 0, output);
        await WaitForAsync(async () => !(await api.GetAsync(Role.Viewer, "/v1/registry/day")).IsSuccessStatusCode);
        Assert.Equal(0, (await RunAsync(Role.Viewer, "agents", "unregistered")).ExitCode);
        Assert.Equal(1, (await RunAsync(Role.Admin, "agents", "remove", "day", "--reason", "gone")).ExitCode);
    }

    [Fact]
    public async Task A_person_is_erased_from_the_trail_which_stays_good()
    {
        Assert.Equal(0, (await RunAsync(Role.Responder, "suspend", "forgettable-7", "--reason", "because of Johanna Muster")).ExitCode);
        var trail = Path.Combine(api.CheckpointFolder, "audit.jsonl");
        await WaitForAsync(async () => (await File.ReadAllTextAsync(trail, TestContext.Current.CancellationToken)).Contains("because of Johanna Muster", StringComparison.Ordinal));
        Assert.Contains("403", (await RunAsync(Role.Responder, "audit", "erase", "because of Johanna Muster", "--reason", "r")).Output, StringComparison.Ordinal);
        var (exitCode, output) = await RunAsync(Role.Admin, "audit", "erase", "because of Johanna Muster", "--reason", "she asked for it");
        Assert.True(exitCode == 0, output);
        await WaitForAsync(async () => !(await File.ReadAllTextAsync(trail, TestContext.Current.CancellationToken)).Contains("Johanna", StringComparison.Ordinal));
        await WaitForAsync(async () => (await SentinelProcess.RunAsync("audit", "verify", trail)).ExitCode == 0);
    }

    [Fact]
    public async Task Who_may_not_or_is_nobody_is_told_so()
    {
        var (exitCode, output) = await RunAsync(Role.Viewer, "suspend", "a", "--reason", "r");
        Assert.Equal(1, exitCode);
        Assert.Contains("403", output, StringComparison.Ordinal);
        (exitCode, output) = await RunAsync(Role.Analyst, "disarm", "--reason", "r");
        Assert.Equal(1, exitCode);
        Assert.Contains("needs the role responder", output, StringComparison.Ordinal);
        (exitCode, output) = await RunAsync(null, "incidents");
        Assert.Equal(1, exitCode);
        Assert.Contains("401", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_before_anybody_is_asked()
    {
        Assert.NotEqual(0, (await RunAsync(Role.Responder, "suspend", "a")).ExitCode);
        Assert.NotEqual(0, (await RunAsync(Role.Responder, "verdict", "inc_1", "perhaps", "--reason", "r")).ExitCode);
        var (exitCode, output) = await SentinelProcess.RunAsync("agents", "--server", "http://sentinel.example.com", "--token-file", TokenFileOf(Role.Viewer));
        Assert.Equal(2, exitCode);
        Assert.Contains("https", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_was_made_is_good_at_once_and_not_in_the_file()
    {
        var (exitCode, output) = await SentinelProcess.RunAsync("token", "create", "--file", api.TokenFile, "--name", "erin", "--role", "viewer", "--expires-in", "1d");
        Assert.True(exitCode == 0, output);
        var token = output.Trim();
        Assert.DoesNotContain(token, await File.ReadAllTextAsync(api.TokenFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await WaitForAsync(async () => (await api.SendAsync(HttpMethod.Get, "/v1/caller", token, null)).IsSuccessStatusCode);

        Assert.Equal(1, (await SentinelProcess.RunAsync("token", "create", "--file", api.TokenFile, "--name", "policy", "--role", "admin")).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private Task<(int ExitCode, string Output)> RunAsync(Role? role, params string[] arguments) => SentinelProcess.RunAsync(
        [.. arguments, "--server", api.Address.ToString(), .. role is { } known ? (string[])["--token-file", TokenFileOf(known)] : []]);

    private string TokenFileOf(Role role)
    {
        var path = _folder.File(role + ".token");
        File.WriteAllText(path, api.Tokens[role] + "\n");
        return path;
    }

    private static async Task WaitForAsync(Func<Task<bool>> isReached)
    {
        for (var attempt = 0; attempt < 60 && !await isReached(); attempt++)
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }
}
