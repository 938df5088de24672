using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Tests.Kafka;
using AgentSentinel.Service.Tests.Pipelines;
using AgentSentinel.Service.Tests.Suspension;

namespace AgentSentinel.Service.Tests.Api;

/// <summary>Other ways to be known than a token of a file: being on this machine, and a provider of identities; and TLS.</summary>
public sealed class FurtherAuthenticationTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    private const string Disarm = """{"command":"disarm","target":"x","reason":"r"}""";

    [Fact]
    public async Task Without_tokens_whoever_is_on_this_machine_is_admin_but_no_foreign_page_is()
    {
        await using var line = await RunningLine.StartAsync(cluster, o => o with { Api = new ApiOptions { Url = "http://127.0.0.1:0/" } });
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, await StatusOf());
        Assert.Equal(HttpStatusCode.OK, await StatusOf(("Host", $"localhost:{line.ApiAddress.Port}")));
        Assert.Equal(HttpStatusCode.OK, await StatusOf(("Origin", line.ApiAddress.GetLeftPart(UriPartial.Authority))));

        // A name that an attacker made to point here, and a page of the attacker's in somebody's browser.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(("Host", $"attacker.example:{line.ApiAddress.Port}")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(("Origin", "https://attacker.example")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(("Origin", "null")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(("Sec-Fetch-Site", "same-site")));

        async Task<HttpStatusCode> StatusOf(params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(line.ApiAddress, "/v1/caller"));
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            return (await http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode;
        }
    }

    [Fact]
    public async Task A_provider_of_identities_says_who_it_is_and_the_options_what_they_may()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var line = await RunningLine.StartAsync(cluster, o => o with
        {
            Api = new ApiOptions
            {
                Url = "http://127.0.0.1:0/",
                Oidc = new OidcOptions { Authority = provider.Issuer, Audience = "sentinel", Roles = { ["soc-l1"] = Role.Analyst, ["soc-l2"] = Role.Responder } },
            },
        });
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(null));
        Assert.Equal(HttpStatusCode.Accepted, await StatusOf(provider.Token("ann", ["soc-l1", "soc-l2"])));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOf(provider.Token("bob", ["soc-l1"])));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOf(provider.Token("eve", ["admin"])));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(provider.Token("ann", ["soc-l2"], audience: "another")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(provider.Token("ann", ["soc-l2"], issuer: "https://login.example.com")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(provider.Token("ann", ["soc-l2"], expiresIn: TimeSpan.FromHours(-1))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(provider.Token("ann", ["soc-l2"]) + "x"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(IdentityProvider.Unsigned(provider.Issuer, "ann", "soc-l2")));
        using var other = RSA.Create(2048);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(provider.Token("ann", ["soc-l2"], signedBy: other)));

        using var who = new HttpRequestMessage(HttpMethod.Get, new Uri(line.ApiAddress, "/v1/caller"));
        who.Headers.Authorization = new AuthenticationHeaderValue("Bearer", provider.Token("ann", ["soc-l1"]));
        var answer = await RunningApi.JsonOf(await http.SendAsync(who, TestContext.Current.CancellationToken));
        Assert.Equal("oidc:ann", answer.GetProperty("name").GetString());

        async Task<HttpStatusCode> StatusOf(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(line.ApiAddress, "/v1/commands")) { Content = new StringContent(Disarm, Encoding.UTF8, "application/json") };
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return (await http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode;
        }
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_TLS_and_says_so_to_browsers()
    {
        using var file = new TemporaryFile();
        TestCertificate.Write(file.Path);
        await using var line = await RunningLine.StartAsync(cluster, o => o with { Api = new ApiOptions { Url = "https://127.0.0.1:0", CertificateFile = file.Path } });
        using var trusted = X509CertificateLoader.LoadCertificate(Encoding.ASCII.GetBytes(await File.ReadAllTextAsync(file.Path, TestContext.Current.CancellationToken)));
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(trusted);
        using var http = new HttpClient(handler);
        var response = await http.GetAsync(new Uri(line.ApiAddress, "/v1/caller"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("max-age=31536000", response.Headers.GetValues("Strict-Transport-Security").Single());
    }
}
