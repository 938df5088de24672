using System.Net;
using System.Text.Json;
using AgentSentinel.Service.Api;
using Microsoft.AspNetCore.Routing;

namespace AgentSentinel.Service.Tests.Api;

public sealed class AuthorizationTests(RunningApi api) : IClassFixture<RunningApi>
{
    /// <summary>Least role of everything there is; an endpoint that is not in the list fails the test.</summary>
    private static readonly Dictionary<string, Role> LeastRoles = new(StringComparer.Ordinal)
    {
        ["GET /v1/decisions/{agent}"] = Role.Gateway,
        ["GET /v1/decisions"] = Role.Gateway,
        ["GET /v1/agents"] = Role.Viewer,
        ["GET /v1/agents/{id}"] = Role.Viewer,
        ["GET /v1/agents/{id}/risk"] = Role.Viewer,
        ["GET /v1/agents/{id}/anomalies"] = Role.Viewer,
        ["GET /v1/agents/{id}/series"] = Role.Viewer,
        ["GET /v1/series"] = Role.Viewer,
        ["GET /v1/incidents"] = Role.Viewer,
        ["GET /v1/incidents/{id}"] = Role.Viewer,
        ["GET /v1/incidents/{id}/anomalies"] = Role.Viewer,
        ["GET /v1/alerts"] = Role.Viewer,
        ["GET /v1/alerts/{id}"] = Role.Viewer,
        ["GET /v1/suspensions"] = Role.Viewer,
        ["GET /v1/suspensions/{id}"] = Role.Viewer,
        ["GET /v1/audit"] = Role.Viewer,
        ["GET /v1/audit/{id}"] = Role.Viewer,
        ["GET /v1/verdicts"] = Role.Viewer,
        ["GET /v1/overview"] = Role.Viewer,
        ["GET /v1/status"] = Role.Viewer,
        ["GET /v1/caller"] = Role.Viewer,
        ["GET /v1/commands"] = Role.Viewer,
        ["GET /v1/commands/{id}"] = Role.Viewer,
        ["GET /v1/feed"] = Role.Viewer,
        ["POST /v1/commands"] = Role.Analyst,
        ["GET /v1/registry"] = Role.Viewer,
        ["GET /v1/registry/{id}"] = Role.Viewer,
        ["PUT /v1/registry/{id}"] = Role.Admin,
        ["DELETE /v1/registry/{id}"] = Role.Admin,
        ["GET /v1/unregistered-agents"] = Role.Viewer,
    };

    /// <summary>What is the same for everybody and holds nothing of anybody.</summary>
    private static readonly string[] Open = ["/health/live", "/health/ready", "/{documentName}/openapi.json", ApiDocument.PagePath];

    private static readonly Dictionary<string, Role> LeastRolesOfCommands = new(StringComparer.Ordinal)
    {
        ["dismiss"] = Role.Analyst,
        ["verdict"] = Role.Analyst,
        ["suspend"] = Role.Responder,
        ["approve"] = Role.Responder,
        ["lift"] = Role.Responder,
        ["disarm"] = Role.Responder,
        ["arm"] = Role.Admin,
        ["erase"] = Role.Admin,
    };

    [Fact]
    public async Task Every_endpoint_is_open_to_its_role_and_those_above_and_to_nobody_else()
    {
        var met = new HashSet<string>();
        foreach (var endpoint in Line.Endpoints.OfType<RouteEndpoint>().Where(e => !Open.Any(o => ("/" + e.RoutePattern.RawText!.TrimStart('/')).StartsWith(o, StringComparison.Ordinal))))
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                var name = $"{method} {path}";
                Assert.True(LeastRoles.TryGetValue(name, out var least), $"{name} is not in the list.");
                met.Add(name);
                Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(method, path, null));
                Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(method, path, "sat_" + new string('0', 64)));
                foreach (var (role, token) in api.Tokens)
                {
                    var status = await StatusOf(method, path, token);
                    Assert.True(role >= least == status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden), $"{name} answers a {role} with {status}.");
                }
            }
        }

        Assert.Equal(LeastRoles.Keys.Order(), met.Order());
    }

    [Fact]
    public async Task Every_command_is_open_to_its_role_and_those_above_and_to_nobody_else()
    {
        Assert.Equal(Enum.GetNames<CommandKind>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).Order(), LeastRolesOfCommands.Keys.Order());
        foreach (var (command, least) in LeastRolesOfCommands)
        {
            var verdict = command == "verdict" ? "justified" : null;
            var target = command switch { "dismiss" => "inc_0", "suspend" => "nobody", "arm" or "disarm" => "nobodys", _ => "sus_0" };
            var body = new { command, target, verdict, reason = "matrix" };
            Assert.Equal(HttpStatusCode.Unauthorized, (await api.PostAsync(null, "/v1/commands", body)).StatusCode);
            foreach (var role in api.Tokens.Keys)
            {
                var response = await api.PostAsync(role, "/v1/commands", body);
                Assert.True((role >= least ? HttpStatusCode.Accepted : HttpStatusCode.Forbidden) == response.StatusCode, $"{command} by a {role}: {response.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task What_anybody_may_see_holds_nothing_of_anybody_and_is_there_without_a_token()
    {
        var document = await api.GetAsync(null, ApiDocument.DocumentPath);
        Assert.Equal(HttpStatusCode.OK, document.StatusCode);
        var paths = (await RunningApi.JsonOf(document)).GetProperty("paths").EnumerateObject().Select(p => p.Name).ToList();
        Assert.Equal(LeastRoles.Keys.Select(k => k.Split(' ')[1]).Distinct().Order(), paths.Order());

        // Its page runs what comes from here, and asks nobody else for anything.
        var page = await api.GetAsync(null, ApiDocument.PagePath + "/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Matches("script-src 'self' 'nonce-[0-9a-f]{32}'; ", page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.DoesNotContain("//", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_token_and_one_that_was_taken_out_of_the_file_open_nothing()
    {
        var expired = api.AddToken("late", Role.Admin, TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1));
        var before = await File.ReadAllBytesAsync(api.TokenFile, TestContext.Current.CancellationToken);
        var good = api.AddToken("leaver", Role.Admin, DateTimeOffset.MaxValue);
        await Pipelines.RunningLine.WaitAsync(async () => await StatusOf("GET", "/v1/caller", good) == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf("GET", "/v1/caller", expired));

        await File.WriteAllBytesAsync(api.TokenFile, before, TestContext.Current.CancellationToken);
        await Pipelines.RunningLine.WaitAsync(async () => await StatusOf("GET", "/v1/caller", good) == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_address_of_health_has_nothing_of_the_API_whatever_the_request_says()
    {
        using var http = new HttpClient();
        foreach (var host in (string?[])[null, Line.ApiAddress.Authority])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Line.Address, "/v1/overview"));
            request.Headers.Authorization = new("Bearer", api.Tokens[Role.Admin]);
            request.Headers.Host = host;
            Assert.Equal(HttpStatusCode.NotFound, (await http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(Line.Address, "/health/live"), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(null, "/health/live")).StatusCode);
    }

    [Fact]
    public async Task Who_asked_for_what_is_in_the_access_log_but_for_decisions_and_tokens()
    {
        await api.GetAsync(Role.Viewer, "/v1/agents?contains=looked-for");
        await api.GetAsync(null, "/v1/agents?contains=nobody-known");
        await api.GetAsync(Role.Gateway, "/v1/decisions?agent=asked-about");
        await Pipelines.RunningLine.WaitAsync(() => Task.FromResult(Log().Contains("nobody-known", StringComparison.Ordinal)));
        Assert.Contains("\"caller\":\"viewer\",\"role\":\"viewer\",\"method\":\"GET\",\"target\":\"/v1/agents?contains=looked-for\",\"status\":200", Log(), StringComparison.Ordinal);
        Assert.Contains("\"caller\":null,\"role\":null,\"method\":\"GET\",\"target\":\"/v1/agents?contains=nobody-known\",\"status\":401", Log(), StringComparison.Ordinal);
        Assert.DoesNotContain("asked-about", Log(), StringComparison.Ordinal);
        Assert.DoesNotContain(ApiToken.Prefix, Log(), StringComparison.Ordinal);

        string Log() => string.Concat(Directory.GetFiles(Line.Options.Checkpoints.Folder, "api-access-*.jsonl").Select(ReadShared));
    }

    private Pipelines.RunningLine Line => api.Line;

    private async Task<HttpStatusCode> StatusOf(string method, string path, string? token)
    {
        // Wherever an id belongs one stands that nothing has.
        using var body = new StringContent("""{"command":"dismiss","target":"inc_0","reason":"matrix"}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await api.SendAsync(new HttpMethod(method), path.Replace("{id}", "none", StringComparison.Ordinal).Replace("{agent}", "none", StringComparison.Ordinal), token, body);
        return response.StatusCode;
    }

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
