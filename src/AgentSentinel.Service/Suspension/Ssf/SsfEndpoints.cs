using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSentinel.Service.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSentinel.Service.Suspension.Ssf;

/// <summary>What receivers of Shared Signals find out about us: our configuration, our keys, and that a stream works.</summary>
internal static class SsfEndpoints
{
    public const string KeysPath = "/ssf/jwks.json";
    public const string VerificationPath = "/ssf/verification";

    private const string WellKnown = "/.well-known/ssf-configuration";
    private const int MaxRequestBytes = 16 * 1024;
    private const int MaxState = 1024;

    /// <summary>Maps them when an issuer is configured.</summary>
    public static void Map(IEndpointRouteBuilder app, SsfOptions options)
    {
        if (options.Issuer is not { } issuer)
        {
            return;
        }

        // RFC 8615's place comes before the issuer's own path.
        var path = new Uri(issuer).AbsolutePath.TrimEnd('/');
        var root = issuer.TrimEnd('/');
        var configuration = new JsonObject
        {
            ["spec_version"] = "1_0",
            ["issuer"] = issuer,
            ["jwks_uri"] = root + KeysPath,
            ["delivery_methods_supported"] = new JsonArray("urn:ietf:rfc:8935"),
            ["verification_endpoint"] = root + VerificationPath,
            ["authorization_schemes"] = new JsonArray(new JsonObject { ["spec_urn"] = "urn:ietf:rfc:6749" }),
            ["default_subjects"] = "NONE",
        }.ToJsonString();
        using var signer = TokenSigner.Load(options.SigningKeyFile!, null);
        var keys = JsonSerializer.Serialize(new Dictionary<string, object> { ["keys"] = new[] { signer.PublicJwk() } });
        app.MapGet(WellKnown + path, () => Results.Text(configuration, "application/json"));
        app.MapGet(KeysPath, () => Results.Text(keys, "application/json"));
        app.MapPost(VerificationPath, context => VerifyAsync(context, options));
    }

    private static async Task VerifyAsync(HttpContext context, SsfOptions options)
    {
        if (ReceiverOf(context.Request, options) is not { } name)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return;
        }

        var receiver = options.Receivers[name];
        if (await StateOf(context, receiver.StreamId) is not { } asked)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        // Sent before the answer, so that no queue has to be kept for it; the order of the two is left open by the specification.
        using var adapter = new SsfAdapter($"ssf-{name}", options, receiver, context.RequestServices.GetRequiredService<TimeProvider>());
        var response = await adapter.VerifyAsync(asked.State, context.RequestAborted);
        context.Response.StatusCode = response.IsSuccess ? StatusCodes.Status204NoContent : StatusCodes.Status502BadGateway;
    }

    /// <summary>The receiver whose token the request carries.</summary>
    private static string? ReceiverOf(HttpRequest request, SsfOptions options)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var given = SHA256.HashData(Encoding.UTF8.GetBytes(header["Bearer ".Length..]));
        string? found = null;
        foreach (var (name, receiver) in options.Receivers)
        {
            if (receiver.VerificationTokenFile is { } file && SecretFile.TryRead(file, out var token, out _)
                && CryptographicOperations.FixedTimeEquals(given, SHA256.HashData(Encoding.UTF8.GetBytes(token))))
            {
                found = name;
            }
        }

        return found;
    }

    /// <summary>Null when the request is not about that stream or cannot be read.</summary>
    private static async Task<Asked?> StateOf(HttpContext context, string streamId)
    {
        if (context.Request.ContentLength is not (> 0 and <= MaxRequestBytes))
        {
            return null;
        }

        try
        {
            using var json = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("stream_id", out var stream) || stream.ValueKind != JsonValueKind.String || stream.GetString() != streamId)
            {
                return null;
            }

            return !root.TryGetProperty("state", out var state) ? new Asked(null)
                : state.ValueKind == JsonValueKind.String && state.GetString()!.Length <= MaxState ? new Asked(state.GetString())
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Asked(string? State);
}
