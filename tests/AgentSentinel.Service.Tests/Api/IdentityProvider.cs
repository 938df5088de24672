using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentSentinel.Service.Tests.Api;

/// <summary>A provider of identities with one key: what is needed to find the key, and tokens signed with it.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    private const string KeyId = "k1";

    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;

    private IdentityProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, string> { ["issuer"] = Issuer, ["jwks_uri"] = Issuer + "/keys" }));
        _app.MapGet("/keys", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_key.ExportParameters(false)) { KeyId = KeyId });
            return Results.Json(new Dictionary<string, object> { ["keys"] = new[] { new Dictionary<string, string> { ["kty"] = "RSA", ["kid"] = KeyId, ["use"] = "sig", ["n"] = key.N, ["e"] = key.E } } });
        });
    }

    public string Issuer => _app.Urls.First();

    public static async Task<IdentityProvider> StartAsync()
    {
        var provider = new IdentityProvider();
        await provider._app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    public string Token(string subject, string[] roles, string audience = "sentinel", string? issuer = null, TimeSpan? expiresIn = null, RSA? signedBy = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var expires = now + (expiresIn ?? TimeSpan.FromHours(1));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience,
            NotBefore = now - TimeSpan.FromHours(2),
            IssuedAt = now - TimeSpan.FromHours(2),
            Expires = expires,
            Claims = new Dictionary<string, object> { ["sub"] = subject, ["roles"] = roles },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(signedBy ?? _key) { KeyId = KeyId }, SecurityAlgorithms.RsaSha256),
        });
    }

    public static string Unsigned(string issuer, string subject, string role) =>
        Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""") + "."
        + Base64UrlEncoder.Encode($$"""{"iss":"{{issuer}}","aud":"sentinel","sub":"{{subject}}","roles":["{{role}}"],"exp":4102444800}""") + ".";

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }
}
