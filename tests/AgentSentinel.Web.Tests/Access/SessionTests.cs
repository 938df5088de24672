using System.Net;
using System.Text.RegularExpressions;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.History;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSentinel.Web.Tests.Access;

[Collection(ConsoleCollection.Name)]
public sealed partial class SessionTests(RunningConsole console)
{
    private static readonly string[] Pages = ["/", "/incidents", "/fleet", "/suspensions", "/audit", "/settings", "/agent?id=a", "/incidents/inc_x", "/not-found"];

    // What a role may do on an incident that proposes a suspension: the keys of its buttons.
    private static readonly Dictionary<Role, string> Buttons = new() { [Role.Viewer] = "", [Role.Analyst] = "dv", [Role.Responder] = "adlv", [Role.Admin] = "adlv" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_session_every_page_leads_to_where_one_signs_in()
    {
        using var client = console.NewClient();
        foreach (var page in Pages)
        {
            using var answer = await client.GetAsync(page, Token);
            Assert.Equal((HttpStatusCode.Found, $"/sign-in?from={Uri.EscapeDataString(page)}"), (answer.StatusCode, new Uri(console.Address, answer.Headers.Location!).PathAndQuery));
        }

        using var negotiation = await client.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, negotiation.StatusCode);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Analyst)]
    [InlineData(Role.Responder)]
    [InlineData(Role.Admin)]
    public async Task A_role_sees_every_page_and_gets_the_buttons_of_what_it_may_do(Role role)
    {
        using var client = await SignedInAsync(console.TokenOf(role));
        foreach (var page in Pages)
        {
            using var answer = await client.GetAsync(page, Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var incident = console.Services.GetRequiredService<IncidentQueries>().List(new IncidentFilter { AgentId = RunningConsole.Agent }, IncidentOrder.Opened, true, new PageRequest(1)).Items[0];
        var html = await client.GetStringAsync($"/incidents/{incident.Id}", Token);
        Assert.Equal(Buttons[role], string.Concat(Key().Matches(html).Select(m => m.Groups[1].Value).Order()));
    }

    [Fact]
    public async Task A_gateways_token_and_an_unknown_one_open_nothing()
    {
        foreach (var token in (string[])[console.TokenOf(Role.Gateway), "sat_" + new string('0', 64), "x", "Bearer " + console.TokenOf(Role.Admin)])
        {
            using var client = console.NewClient();
            using var answer = await PostAsync(client, token, "/");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("opens nothing here", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            using var page = await client.GetAsync("/fleet", Token);
            Assert.Equal(HttpStatusCode.Found, page.StatusCode);
        }
    }

    [Theory]
    [InlineData("/fleet", "/fleet")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("", "/")]
    public async Task Signing_in_leads_to_a_page_of_ours_only(string from, string to)
    {
        using var client = console.NewClient();
        using var answer = await PostAsync(client, console.TokenOf(Role.Viewer), from);
        Assert.Equal((HttpStatusCode.Found, to), (answer.StatusCode, new Uri(console.Address, answer.Headers.Location!).PathAndQuery));
        Assert.Equal(console.Address.Authority, new Uri(console.Address, answer.Headers.Location!).Authority);
    }

    [Fact]
    public async Task The_cookie_opens_the_console_and_never_the_api()
    {
        using var client = await SignedInAsync(console.TokenOf(Role.Admin));
        using var read = await client.GetAsync("/v1/agents", Token);
        using var body = new StringContent("""{"command":"suspend","target":"x","reason":"y"}""", System.Text.Encoding.UTF8, "application/json");
        using var command = await client.PostAsync("/v1/commands", body, Token);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (read.StatusCode, command.StatusCode));
    }

    [Fact]
    public async Task What_a_foreign_page_could_send_is_refused()
    {
        using var client = await SignedInAsync(console.TokenOf(Role.Admin));
        using var signOut = await client.PostAsync("/sign-out", new FormUrlEncodedContent([]), Token);
        using var signIn = await client.PostAsync("/sign-in", new FormUrlEncodedContent([new("_handler", "sign-in"), new("Token", console.TokenOf(Role.Viewer))]), Token);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (signOut.StatusCode, signIn.StatusCode));
        using var still = await client.GetAsync("/", Token);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task A_page_may_load_nothing_from_elsewhere_run_nothing_written_into_it_and_stand_in_no_frame()
    {
        using var client = await SignedInAsync(console.TokenOf(Role.Viewer));
        foreach (var page in (string[])["/", "/fleet", "/sign-in"])
        {
            using var answer = await client.GetAsync(page, Token);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split(';', StringSplitOptions.TrimEntries);
            Assert.Contains("default-src 'none'", policy);
            Assert.Contains("script-src 'self'", policy);
            Assert.Contains("style-src 'self'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.Contains("form-action 'self'", policy);
            Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.DoesNotContain("<script>", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            Assert.DoesNotMatch("(?:src|href)=\"(?:https?:)?//(?!genai|attack|atlas)", await answer.Content.ReadAsStringAsync(Token));
        }
    }

    [Theory]
    [InlineData("/assets/../appsettings.json")]
    [InlineData("/assets/%2e%2e%2ftokens.json")]
    [InlineData("/assets/..%5ctokens.json")]
    [InlineData("/assets/tokens.json")]
    [InlineData("/fonts/%2e%2e/tokens.json")]
    public async Task Nothing_but_the_consoles_own_files_is_given_away(string path)
    {
        using var client = await SignedInAsync(console.TokenOf(Role.Viewer));
        using var answer = await client.GetAsync(path, Token);
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized, answer.StatusCode.ToString());
    }

    private async Task<HttpClient> SignedInAsync(string token)
    {
        var client = console.NewClient();
        using var answer = await PostAsync(client, token, "/");
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return client;
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string token, string from)
    {
        var url = $"/sign-in?from={Uri.EscapeDataString(from)}";
        var html = await client.GetStringAsync(url, Token);
        return await client.PostAsync(url, new FormUrlEncodedContent(
            [new("_handler", "sign-in"), new("__RequestVerificationToken", Antiforgery().Match(html).Groups[1].Value), new("Token", token)]), Token);
    }

    [GeneratedRegex("data-key=\"(.)\"")]
    private static partial Regex Key();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Antiforgery();
}
