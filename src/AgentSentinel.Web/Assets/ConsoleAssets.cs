using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace AgentSentinel.Web.Assets;

/// <summary>
/// The files that browsers load: embedded, so that nothing comes from elsewhere and nothing else in a folder can be asked for. Their addresses hold a
/// hash of their content, so that they may be kept for ever and are never stale.
/// </summary>
internal static class ConsoleAssets
{
    private const string Prefix = "asset/";

    private static readonly FrozenDictionary<string, Asset> Assets = typeof(ConsoleAssets).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => new Asset(name))
        .ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, string> Urls = new();

    /// <summary>The address of an asset.</summary>
    public static string Url(string name) => Urls.GetOrAdd(name, static n => $"assets/{n}?v={Assets[n].Version}");

    public static void Map(IEndpointRouteBuilder routes)
    {
        // Radzen's style sheets look for their icons beside themselves.
        foreach (var path in (string[])["/assets/{name}", "/fonts/{name}"])
        {
            routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], AnswerAsync).AllowAnonymous().DisableRateLimiting().ExcludeFromDescription();
        }
    }

    private static Task AnswerAsync(HttpContext context, string name)
    {
        if (!Assets.TryGetValue(name, out var asset))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var headers = context.Response.Headers;
        var isNamed = context.Request.Query["v"] == asset.Version;
        headers.CacheControl = isNamed ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ETag = $"\"{asset.Version}\"";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (context.Request.Headers.IfNoneMatch == $"\"{asset.Version}\"")
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentType = asset.ContentType;
        var isSmall = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase) && asset.Compressed is not null;
        if (isSmall)
        {
            headers.ContentEncoding = "gzip";
        }

        var bytes = isSmall ? asset.Compressed! : asset.Bytes;
        context.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    private sealed class Asset
    {
        private readonly Lazy<byte[]?> _compressed;

        public Asset(string resource)
        {
            using var stream = typeof(ConsoleAssets).Assembly.GetManifestResourceStream(resource)!;
            Bytes = new byte[stream.Length];
            stream.ReadExactly(Bytes);
            Name = resource[Prefix.Length..];
            ContentType = Path.GetExtension(Name) switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                _ => "font/woff2",
            };
            Version = Convert.ToHexStringLower(SHA256.HashData(Bytes))[..16];
            _compressed = new(Compress);
        }

        public string Name { get; }

        public string ContentType { get; }

        public string Version { get; }

        public byte[] Bytes { get; }

        /// <summary>Null when it is compressed by itself.</summary>
        public byte[]? Compressed => _compressed.Value;

        private byte[]? Compress()
        {
            if (ContentType == "font/woff2")
            {
                return null;
            }

            using var buffer = new MemoryStream();
            using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal))
            {
                gzip.Write(Bytes);
            }

            return buffer.ToArray();
        }
    }
}
