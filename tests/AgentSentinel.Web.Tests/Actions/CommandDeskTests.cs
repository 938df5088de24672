using System.Security.Claims;
using System.Text.Json.Nodes;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Commands;
using AgentSentinel.Web.Access;
using AgentSentinel.Web.Actions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSentinel.Web.Tests.Actions;

[Collection(ConsoleCollection.Name)]
public sealed class CommandDeskTests(RunningConsole console)
{
    private static readonly Dictionary<Role, OperatorCommandKind[]> Allowed = new()
    {
        [Role.Gateway] = [],
        [Role.Viewer] = [],
        [Role.Analyst] = [OperatorCommandKind.Dismiss, OperatorCommandKind.Verdict],
        [Role.Responder] = [OperatorCommandKind.Dismiss, OperatorCommandKind.Verdict, OperatorCommandKind.Suspend, OperatorCommandKind.Lift, OperatorCommandKind.Approve, OperatorCommandKind.Disarm],
        [Role.Admin] = [OperatorCommandKind.Dismiss, OperatorCommandKind.Verdict, OperatorCommandKind.Suspend, OperatorCommandKind.Lift, OperatorCommandKind.Approve, OperatorCommandKind.Disarm, OperatorCommandKind.Arm],
    };

    [Fact]
    public async Task Whatever_buttons_there_were_the_role_is_asked_for_again_for_every_action()
    {
        await using var scope = console.Services.CreateAsyncScope();
        var desk = ActivatorUtilities.CreateInstance<CommandDesk>(scope.ServiceProvider);
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var kind in Allowed[Role.Admin])
            {
                var answer = await desk.SendAsync(Person(console.TokenOf(role)), Request(kind), Guid.NewGuid().ToString("n"));
                Assert.True((answer.Objection is null) == Allowed[role].Contains(kind), $"{role} {kind}: {answer.Objection ?? "taken"}");
            }
        }
    }

    [Fact]
    public async Task A_token_that_was_taken_back_is_worth_nothing_to_an_open_page()
    {
        var (secret, token) = ApiToken.Create("leaver", Role.Responder, DateTimeOffset.UtcNow.AddDays(1));
        ApiTokens.Add(console.TokenFile, token);
        await using var scope = console.Services.CreateAsyncScope();
        var desk = ActivatorUtilities.CreateInstance<CommandDesk>(scope.ServiceProvider);
        var session = scope.ServiceProvider.GetRequiredService<SessionState>();
        var person = Person(secret, token);
        await RunningConsole.WaitAsync(() => session.Now(person) is { Name: "leaver" });

        var file = JsonNode.Parse(await File.ReadAllTextAsync(console.TokenFile, TestContext.Current.CancellationToken))!;
        var tokens = file["tokens"]!.AsArray();
        tokens.Remove(tokens.Single(t => (string?)t!["name"] == "leaver"));
        await File.WriteAllTextAsync(console.TokenFile, file.ToJsonString(), TestContext.Current.CancellationToken);
        await RunningConsole.WaitAsync(() => session.Now(person) is null);
        Assert.Contains("no longer signed in", (await desk.SendAsync(person, Request(OperatorCommandKind.Lift), "key-leaver")).Objection, StringComparison.Ordinal);
    }

    private static CommandRequest Request(OperatorCommandKind kind) => new(
        kind,
        kind switch
        {
            OperatorCommandKind.Suspend => "agent-of-nobody",
            OperatorCommandKind.Lift or OperatorCommandKind.Approve => "sus_unknown",
            OperatorCommandKind.Arm or OperatorCommandKind.Disarm => "owner of nobody",
            _ => "inc_unknown",
        },
        "a test") { Verdict = kind == OperatorCommandKind.Verdict ? Verdict.Justified : null };

    // As the cookie holds it: the name and role of then, and the hash of the token.
    private ClaimsPrincipal Person(string secret, ApiToken? token = null)
    {
        var known = console.Services.GetRequiredService<ApiTokens>().Find(secret) ?? Caller.Principal(token!.Name, token.Role, "token");
        var identity = new ClaimsIdentity(known.Claims, Session.Scheme);
        identity.AddClaim(new Claim("sentinel_token", ApiToken.Hash(secret)));
        return new ClaimsPrincipal(identity);
    }
}
