using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace AgentSentinel.Service.Api;

/// <summary>Headers that keep browsers from doing more with an answer than showing it as what it is.</summary>
internal static class ApiHeaders
{
    // Answers of the API load and run nothing.
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    // The page of the document has its scripts from here, but for the one that starts it; the style of its parts is set by script.
    private const string Page =
        "default-src 'none'; script-src 'self' 'nonce-{0}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static readonly object NonceKey = new();

    /// <summary>Makes the answer a page that may run scripts: those from here, and those that bear the nonce.</summary>
    /// <returns>The nonce, for this answer only.</returns>
    public static string AllowScript(HttpContext context)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        context.Items[NonceKey] = nonce;
        return nonce;
    }

    public static Task AddAsync(HttpContext context, RequestDelegate next)
    {
        // When the answer begins, as the handler of exceptions throws away what was set before.
        context.Response.OnStarting(Add, context);
        return next(context);
    }

    private static Task Add(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = context.GetEndpoint()?.Metadata.GetMetadata<PagePolicy>() is { } page ? page.ContentSecurityPolicy
            : context.Items.TryGetValue(NonceKey, out var nonce) ? Page.Replace("{0}", (string)nonce!, StringComparison.Ordinal)
            : Nothing;
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return Task.CompletedTask;
    }
}
