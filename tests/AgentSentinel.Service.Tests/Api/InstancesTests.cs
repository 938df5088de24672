using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Commands;
using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.Live;
using AgentSentinel.Core.Response;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Tests.Api;

public sealed class InstancesTests(RunningApi api) : IClassFixture<RunningApi>
{
    private const int Askers = 6;
    private const int Orders = 25;

    [Fact]
    public async Task An_instance_that_does_not_run_the_response_line_answers_the_same()
    {
        await using var second = SentinelHost.Build(api.Line.Options, builder => builder.Logging.ClearProviders());
        await second.StartAsync(TestContext.Current.CancellationToken);
        await Pipelines.RunningLine.WaitAsync(() => Task.FromResult(second.Services.GetRequiredService<DecisionTable>().IsCurrent));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", api.Tokens[Role.Responder]);

        // Commanded at one, asked at the other.
        await api.CommandAsync(Role.Responder, new { command = "suspend", target = "shared", reason = "both must know" });
        await Pipelines.RunningLine.WaitAsync(async () => (await AskAsync()).Contains("\"deny\"", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(new Uri(second.Urls.Last()), "/v1/status"), TestContext.Current.CancellationToken)).StatusCode);
        await second.StopAsync(TestContext.Current.CancellationToken);

        Task<string> AskAsync() => http.GetStringAsync(new Uri(new Uri(second.Urls.Last()), "/v1/decisions/shared"), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task No_question_asked_after_the_order_is_answered_with_allow()
    {
        var (commands, outcomes) = (api.Line.Services.GetRequiredService<OperatorCommands>(), api.Line.Services.GetRequiredService<CommandOutcomes>());
        var ordered = new ConcurrentDictionary<string, bool>();
        var (asked, wrong, isOver) = (0, 0, false);
        var askers = Enumerable.Range(0, Askers).Select(asker => Task.Run(async () =>
        {
            for (var number = asker; !Volatile.Read(ref isOver); number++)
            {
                var agent = $"loaded-{number % Orders}";
                var isOrdered = ordered.ContainsKey(agent);
                var decision = await api.DecisionAsync(agent);
                Interlocked.Increment(ref asked);
                if (isOrdered && decision != "deny")
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        })).ToList();
        for (var number = 0; number < Orders; number++)
        {
            var receipt = await commands.SendAsync(new CommandRequest(OperatorCommandKind.Suspend, $"loaded-{number}", "r"), "test", null, TestContext.Current.CancellationToken);
            Assert.Equal(CommandState.Done, (await outcomes.WaitAsync(receipt.CommandId!, TestContext.Current.CancellationToken))!.State);
            ordered[$"loaded-{number}"] = true;
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(askers);
        Assert.True(asked > Orders);
        Assert.Equal(0, wrong);
    }

    [Fact]
    public async Task The_feed_tells_what_happens_and_goes_on_where_a_reader_was()
    {
        using var response = await api.GetAsync(Role.Viewer, "/v1/feed", ("Accept", "text/event-stream"));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await api.CommandAsync(Role.Responder, new { command = "suspend", target = "fed", reason = "told" });
        var (id, data) = await NextAsync(reader, "command");
        Assert.Contains("\"target\":\"fed\"", data, StringComparison.Ordinal);
        await FindAsync(reader, "suspension");

        using var again = await api.GetAsync(Role.Viewer, "/v1/feed", ("Last-Event-ID", id));
        using var later = new StreamReader(await again.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await FindAsync(later, "alert");

        // What becomes of other suspensions meanwhile is told too.
        static async Task FindAsync(StreamReader reader, string kind)
        {
            while (!(await NextAsync(reader, kind)).Data.Contains("\"agent_id\":\"fed\"", StringComparison.Ordinal))
            {
            }
        }
    }

    private static async Task<(string Id, string Data)> NextAsync(StreamReader reader, string kind)
    {
        var (id, isMeant) = ("", false);
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
            isMeant = line.StartsWith("event: ", StringComparison.Ordinal) ? line[7..] == kind : isMeant;
            if (isMeant && line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (id, line[6..]);
            }
        }

        throw new EndOfStreamException($"The feed ended without {kind}.");
    }
}
