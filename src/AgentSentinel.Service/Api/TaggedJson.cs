using System.Security.Cryptography;
using System.Text.Json;
using AgentSentinel.Service.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AgentSentinel.Service.Api;

/// <summary>A JSON answer with a tag of its content: who has it already is told so and sent nothing.</summary>
internal sealed class TaggedJson(byte[] body) : IResult
{
    public static TaggedJson Of<T>(T value) => new(JsonSerializer.SerializeToUtf8Bytes(value, LiveJson.Options));

    public static string TagOf(byte[] body) => $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"";

    /// <summary>Whether the caller has what bears this tag.</summary>
    public static bool IsKnown(HttpRequest request, string tag)
    {
        foreach (var header in request.Headers.IfNoneMatch)
        {
            if (header == tag)
            {
                return true;
            }

            // Lists, and tags that a proxy weakened because it compresses.
            if (header is not null && EntityTagHeaderValue.TryParseList([header], out var tags) && tags.Any(t => t.Tag == tag || t.Tag == "*"))
            {
                return true;
            }
        }

        return false;
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, tag) = (httpContext.Response, TagOf(body));
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        if (IsKnown(httpContext.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
