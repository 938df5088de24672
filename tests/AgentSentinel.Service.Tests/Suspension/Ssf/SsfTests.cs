using System.Net;
using System.Text;
using System.Text.Json;
using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Suspension.Ssf;
using AgentSentinel.Service.Tests.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Tests.Suspension.Ssf;

public sealed class SsfTests : IDisposable
{
    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/";
    private const string Risc = "https://schemas.openid.net/secevent/risc/event-type/";
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly TemporaryFile _rsa = new(SomeKey.RsaPem);
    private readonly TemporaryFile _ec = new(SomeKey.EcPem);
    private readonly TemporaryFile _authorization = new("Bearer receiver-token");
    private readonly TemporaryFile _verification = new("verify-me");

    public void Dispose()
    {
        _rsa.Dispose();
        _ec.Dispose();
        _authorization.Dispose();
        _verification.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tokens_keep_to_the_rules_and_verify_with_the_published_key(bool isRsa)
    {
        using var receiver = new ScriptedApi(_ => new(202));
        var options = Options(receiver, isRsa);
        await using var us = await StartAsync(options);
        using var adapter = new SsfAdapter("ssf-okta", options, options.Receivers["okta"], TimeProvider.System);
        foreach (var order in (AgentSentinel.Core.Response.SuspensionOrder[])[SomeOrder.Suspend(), SomeOrder.Lift()])
        {
            var outcome = await adapter.ExecuteAsync(adapter.MessageOf(order)!, Now);
            Assert.Equal((AttemptKind.Delivered, ReadBack.NotVerifiable), (outcome.Kind, outcome.ReadBack));
        }

        using var client = new HttpClient { BaseAddress = us.Address };
        var configuration = JsonDocument.Parse(await client.GetStringAsync(new Uri("/.well-known/ssf-configuration/ids", UriKind.Relative), Now)).RootElement;
        Assert.Equal(("1_0", "https://sentinel.example/ids", "https://sentinel.example/ids/ssf/jwks.json"), (
            configuration.GetProperty("spec_version").GetString(), configuration.GetProperty("issuer").GetString(), configuration.GetProperty("jwks_uri").GetString()));
        var key = Assert.Single(JsonDocument.Parse(await client.GetStringAsync(new Uri("/ssf/jwks.json", UriKind.Relative), Now)).RootElement.GetProperty("keys").EnumerateArray());

        var tokens = receiver.Requests.Select(request => SomeKey.Verify(request.Text, key)).ToArray();
        Assert.All(tokens, token => Assert.Empty(SetRules.Errors(token.Header, token.Claims)));
        Assert.Equal(
            [Risc + "account-disabled", Caep + "session-revoked", Caep + "risk-level-change", Risc + "account-enabled", Caep + "risk-level-change"],
            tokens.Select(token => token.Claims.GetProperty("events").EnumerateObject().Single().Name));
        Assert.Equal(5, tokens.Select(token => token.Claims.GetProperty("jti").GetString()).Distinct().Count());
        Assert.Equal(["inc_1"], tokens.Select(token => token.Claims.GetProperty("txn").GetString()).Distinct());
        Assert.All(tokens, token => Assert.Equal("0oa1", token.Claims.GetProperty("sub_id").GetProperty("sub").GetString()));
        Assert.All(receiver.Requests, request => Assert.Equal(
            ("application/secevent+jwt", "application/json", "Bearer receiver-token"), (request.Headers["content-type"], request.Headers["accept"], request.Headers["authorization"])));
    }

    [Fact]
    public async Task The_same_order_again_has_the_same_ids()
    {
        using var receiver = new ScriptedApi(_ => new(202));
        var options = Options(receiver, isRsa: false);
        using var adapter = new SsfAdapter("ssf-okta", options, options.Receivers["okta"], TimeProvider.System);
        var message = adapter.MessageOf(SomeOrder.Suspend())!;
        await adapter.ExecuteAsync(message, Now);
        await adapter.ExecuteAsync(message, Now);
        Assert.Equal(6, receiver.Requests.Count);
        Assert.Equal(3, receiver.Requests.Select(r => JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(r.Text.Split('.')[1])).RootElement.GetProperty("jti").GetString()).Distinct().Count());
    }

    [Theory]
    [InlineData(400, """{"err":"invalid_audience","description":"<script>"}""", AttemptKind.Final, "set_invalid_audience")]
    [InlineData(400, """{"err":"<script>"}""", AttemptKind.Rejected, "http_400")]
    [InlineData(400, "", AttemptKind.Rejected, "http_400")]
    [InlineData(401, "", AttemptKind.Rejected, "http_401")]
    [InlineData(429, "", AttemptKind.Throttled, "http_429")]
    [InlineData(500, "", AttemptKind.Failed, "http_500")]
    internal async Task A_refusal_is_final_only_when_it_is_about_the_token(int status, string body, AttemptKind kind, string reason)
    {
        using var receiver = new ScriptedApi(_ => new(status, body));
        var options = Options(receiver, isRsa: false);
        using var adapter = new SsfAdapter("ssf-okta", options, options.Receivers["okta"], TimeProvider.System);
        var outcome = await adapter.ExecuteAsync(adapter.MessageOf(SomeOrder.Suspend())!, Now);
        Assert.Equal((kind, reason), (outcome.Kind, outcome.Reason));
        Assert.Single(receiver.Requests);
    }

    [Theory]
    [InlineData("Bearer verify-me", """{"stream_id":"s-1","state":"abc"}""", HttpStatusCode.NoContent, 1)]
    [InlineData("Bearer verify-me", """{"stream_id":"s-1"}""", HttpStatusCode.NoContent, 1)]
    [InlineData("Bearer verify-me", """{"stream_id":"s-2","state":"abc"}""", HttpStatusCode.BadRequest, 0)]
    [InlineData("Bearer verify-me", """[]""", HttpStatusCode.BadRequest, 0)]
    [InlineData("Bearer verify-me", """{"stream_id":"s-1","state":7}""", HttpStatusCode.BadRequest, 0)]
    [InlineData("Bearer verify-mE", """{"stream_id":"s-1","state":"abc"}""", HttpStatusCode.Unauthorized, 0)]
    [InlineData("Bearer ", """{"stream_id":"s-1","state":"abc"}""", HttpStatusCode.Unauthorized, 0)]
    [InlineData(null, """{"stream_id":"s-1","state":"abc"}""", HttpStatusCode.Unauthorized, 0)]
    public async Task A_receiver_that_may_ask_gets_a_verification_event_with_its_state(string? authorization, string body, HttpStatusCode expected, int events)
    {
        using var receiver = new ScriptedApi(_ => new(202));
        await using var us = await StartAsync(Options(receiver, isRsa: false));
        using var client = new HttpClient { BaseAddress = us.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ssf/verification") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (authorization is not null)
        {
            Assert.True(request.Headers.TryAddWithoutValidation("Authorization", authorization));
        }

        using var response = await client.SendAsync(request, Now);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(events, receiver.Requests.Count);
        if (events > 0)
        {
            var key = JsonDocument.Parse(await client.GetStringAsync(new Uri("/ssf/jwks.json", UriKind.Relative), Now)).RootElement.GetProperty("keys")[0];
            var (header, claims) = SomeKey.Verify(receiver.Requests.Single().Text, key);
            Assert.Empty(SetRules.Errors(header, claims));
            Assert.Equal("s-1", claims.GetProperty("sub_id").GetProperty("id").GetString());
            var content = claims.GetProperty("events").EnumerateObject().Single().Value;
            Assert.Equal(body.Contains("abc", StringComparison.Ordinal), content.TryGetProperty("state", out var state) && state.GetString() == "abc");
        }
    }

    [Fact]
    public void Options_refuse_a_weak_key_and_an_issuer_without_tls()
    {
        using var weak = new TemporaryFile(System.Security.Cryptography.RSA.Create(1024).ExportPkcs8PrivateKeyPem());
        using var open = new TemporaryFile(System.Security.Cryptography.RSA.Create(2048).ExportSubjectPublicKeyInfoPem());
        Assert.Contains(new SsfOptions { Issuer = "https://a.example", SigningKeyFile = weak.Path }.Validate(), e => e.Contains("at least 2048 bits", StringComparison.Ordinal));
        Assert.Contains(new SsfOptions { Issuer = "https://a.example", SigningKeyFile = open.Path }.Validate(), e => e.Contains("not a private", StringComparison.Ordinal));
        Assert.Contains(new SsfOptions { Issuer = "http://a.example", SigningKeyFile = _rsa.Path }.Validate(), e => e.StartsWith("Issuer: ", StringComparison.Ordinal));
        Assert.Empty(new SsfOptions().Validate());
    }

    private SsfOptions Options(ScriptedApi receiver, bool isRsa)
    {
        var options = new SsfOptions
        {
            Issuer = "https://sentinel.example/ids",
            SigningKeyFile = isRsa ? _rsa.Path : _ec.Path,
            Receivers = new()
            {
                ["okta"] = new()
                {
                    Url = receiver.Address + "events", Audience = "https://idp.example/ssf", SubjectIssuer = "https://idp.example/", AuthorizationFile = _authorization.Path,
                    Agents = [new() { Agent = SomeOrder.Agent, Target = "0oa1" }], StreamId = "s-1", VerificationTokenFile = _verification.Path, AllowPrivateTargets = true,
                },
            },
        };
        Assert.Empty(options.Validate());
        Assert.Empty(options.Receivers["okta"].Validate());
        return options;
    }

    private static async Task<Endpoints> StartAsync(SsfOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        SsfEndpoints.Map(app, options);
        await app.StartAsync(Now);
        return new Endpoints(app, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()));
    }

    private sealed record Endpoints(WebApplication App, Uri Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
