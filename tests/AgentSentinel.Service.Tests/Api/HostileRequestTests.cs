using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentSentinel.Service.Api;

namespace AgentSentinel.Service.Tests.Api;

public sealed class HostileRequestTests(RunningApi api) : IClassFixture<RunningApi>
{
    public static TheoryData<string> HostileIds { get; } =
    [
        "a/b", "a%2Fb", "a%252Fb", "%", "%zz", "a b+c", "../../etc/passwd", "..%2f..%2f", "\\..\\", "<img src=x onerror=alert(1)>", "'; DROP TABLE agent; --",
        "агент", "agent\u202Egnp.exe", "agent\u0000", "line\r\nSet-Cookie: x=y", "\"quoted\"", "😀😀", "?session=s", "#frag", "a&session=s", new string('é', 256), new string('x', 256),
    ];

    [Theory]
    [MemberData(nameof(HostileIds))]
    public async Task Exactly_the_agent_of_that_id_is_denied_whatever_it_is_called(string agentId)
    {
        var outcome = await api.CommandAsync(Role.Responder, new { command = "suspend", target = agentId, reason = "hostile" });
        Assert.Equal("done", outcome.GetProperty("state").GetString());
        Assert.Equal("deny", await api.DecisionAsync(agentId));

        // A NUL in a path is refused by the server itself; the query carries it.
        if (!agentId.Contains('\0', StringComparison.Ordinal))
        {
            Assert.Contains("\"deny\"", await TextAsync($"/v1/decisions/{Uri.EscapeDataString(agentId)}"), StringComparison.Ordinal);
        }

        foreach (var other in (string[])[agentId + "x", "%20" + agentId, agentId.Replace("a", "%61", StringComparison.Ordinal) + "!"])
        {
            Assert.Equal("allow", await api.DecisionAsync(other));
        }
    }

    [Fact]
    public async Task Ids_that_differ_in_how_often_they_are_encoded_are_different_agents()
    {
        await api.CommandAsync(Role.Responder, new { command = "suspend", target = "twin/one", reason = "hostile" });
        Assert.Contains("\"deny\"", await TextAsync("/v1/decisions/twin%2Fone"), StringComparison.Ordinal);
        Assert.Contains("\"deny\"", await TextAsync("/v1/decisions/%74win%2fone"), StringComparison.Ordinal);
        Assert.Contains("\"allow\"", await TextAsync("/v1/decisions/twin%252Fone"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/decisions/%FF")]
    [InlineData("/v1/decisions/%C3%28")]
    [InlineData("/v1/decisions/a?sesion=misspelled")]
    [InlineData("/v1/decisions/a?session=1&session=2")]
    [InlineData("/v1/decisions/a?session=")]
    [InlineData("/v1/decisions/a?agent=b")]
    [InlineData("/v1/decisions/a?wait=61")]
    [InlineData("/v1/decisions/a?wait=-1")]
    [InlineData("/v1/decisions?session=1")]
    [InlineData("/v1/x/../decisions/a")]
    [InlineData("/v1/decisions/a/../b")]
    public async Task A_question_that_is_not_clear_is_refused_and_never_answered_with_allow(string path)
    {
        var response = await api.GetAsync(Role.Gateway, path);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain("allow\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/agents?limit=0")]
    [InlineData("/v1/agents?limit=501")]
    [InlineData("/v1/agents?limit=x")]
    [InlineData("/v1/agents?order=password")]
    [InlineData("/v1/agents?order=1")]
    [InlineData("/v1/agents?after=bm90IG91cnM")]
    [InlineData("/v1/incidents?from=yesterday")]
    [InlineData("/v1/series")]
    public async Task A_list_that_is_not_there_is_refused_with_a_problem(string path)
    {
        var response = await api.GetAsync(Role.Viewer, path);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("/v1/docs/../../../../etc/passwd")]
    [InlineData("/v1/docs/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/v1/docs/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/v1/alerts/..%2f..%2fetc%2fpasswd")]
    [InlineData("/etc/passwd")]
    [InlineData("//evil.example/v1/docs")]
    public async Task No_path_leads_to_a_file_or_elsewhere(string path)
    {
        var response = await api.GetAsync(Role.Admin, path);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("root:", text, StringComparison.Ordinal);
        Assert.True(response.Headers.Location is null || response.Headers.Location.OriginalString.StartsWith("/v1/", StringComparison.Ordinal), $"{path} leads to {response.Headers.Location}");
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_JSON_is_refused()
    {
        using var large = new StringContent($$"""{"command":"suspend","target":"a","reason":"{{new string('r', 70_000)}}"}""", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await api.SendAsync(HttpMethod.Post, "/v1/commands", api.Tokens[Role.Admin], large)).StatusCode);

        // What a foreign page's form could send.
        using var form = new StringContent("""{"command":"suspend","target":"a","reason":"r"}""", Encoding.UTF8, "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await api.SendAsync(HttpMethod.Post, "/v1/commands", api.Tokens[Role.Admin], form)).StatusCode);

        using var deep = new StringContent(string.Concat(Enumerable.Repeat("[", 10_000)), Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await api.SendAsync(HttpMethod.Post, "/v1/commands", api.Tokens[Role.Admin], deep)).StatusCode);
    }

    [Fact]
    public async Task Telemetry_text_becomes_no_header_and_no_line_of_a_stream()
    {
        const string Hostile = "x\r\nevent: alert\r\ndata: {}\r\n\r\nSet-Cookie: a=b";
        await api.CommandAsync(Role.Responder, new { command = "suspend", target = "liner", session = Hostile, reason = Hostile.Trim() });
        var response = await api.GetAsync(Role.Gateway, "/v1/decisions?agent=liner&session=" + Uri.EscapeDataString(Hostile));
        Assert.False(response.Headers.Contains("Set-Cookie"));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"deny\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text);
    }

    [Theory]
    [InlineData("GET /v1/overview HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {0}\r\nAuthorization: Bearer {0}\r\n\r\n")]
    [InlineData("GET /v1/overview HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {0}\r\n\r\n")]
    [InlineData("GET /v1/overview?access_token={0} HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/overview HTTP/1.1\r\nHost: x\r\nCookie: token={0}\r\n\r\n")]
    public async Task A_token_counts_only_where_it_belongs(string request)
    {
        Assert.StartsWith("HTTP/1.1 401", await RawAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, request, api.Tokens[Role.Admin])), StringComparison.Ordinal);
    }

    private async Task<string> TextAsync(string path) =>
        await (await api.GetAsync(Role.Gateway, path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, api.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        var buffer = new byte[256];
        var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }
}
