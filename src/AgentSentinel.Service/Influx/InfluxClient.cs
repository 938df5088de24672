using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace AgentSentinel.Service.Influx;

/// <summary>InfluxDB over its HTTP API, in each of its dialects. Keeps no memory of points; safe to call from several tasks.</summary>
public sealed class InfluxClient : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024 * 1024;
    private const int MaxErrorBytes = 64 * 1024;

    private readonly InfluxOptions _options;
    private readonly TimeProvider _time;
    private readonly Uri _write;
    private readonly string _query;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly HttpClient _client;

    /// <summary>The options must have passed <see cref="InfluxOptions.Validate"/> and have a URL.</summary>
    public InfluxClient(InfluxOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        var root = options.Url.TrimEnd('/');
        _write = new Uri(root + WritePath(options));
        _query = $"{root}/query?db={Uri.EscapeDataString(options.Database)}&epoch=ns&q=";
        _authorization = Authorization(options);
        _client = new HttpClient(new SocketsHttpHandler
        {
            // A redirect would carry the token, and the telemetry, to wherever the answer says.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = options.Timeout,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            // Each request has its own limit, on the injected clock.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
            DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue(Product.Name, Product.Version) } },
        };
    }

    /// <summary>Writes lines of the line protocol with times in nanoseconds. Throws only when cancelled by the caller.</summary>
    internal async Task<InfluxWriteResult> WriteAsync(ReadOnlyMemory<byte> lines, int points, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, _write) { Content = Content(lines) };
        request.Headers.Authorization = _authorization;
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await JudgeAsync(response, points, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new InfluxWriteResult(InfluxWriteKind.Unavailable, Reason: "timeout");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new InfluxWriteResult(InfluxWriteKind.Unavailable, Reason: (error as HttpRequestException)?.HttpRequestError.ToString() ?? "connection_lost");
        }
    }

    /// <summary>Asks in InfluxQL, through the one door that every version has.</summary>
    /// <param name="influxQl">One statement. Never put telemetry into it unescaped; see <see cref="Quote"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InfluxQueryException">The server is not there, or does not like the question.</exception>
    public async Task<IReadOnlyList<InfluxSeries>> QueryAsync(string influxQl, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_query + Uri.EscapeDataString(influxQl)));
        request.Headers.Authorization = _authorization;
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return InfluxAnswer.Read(await response.Content.ReadAsByteArrayAsync(either.Token), (int)response.StatusCode);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InfluxQueryException("InfluxDB did not answer in time.", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new InfluxQueryException("InfluxDB cannot be reached.", error);
        }
    }

    /// <summary>A text as a string literal of InfluxQL.</summary>
    public static string Quote(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}'";

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private static string WritePath(InfluxOptions options)
    {
        var database = Uri.EscapeDataString(options.Database);

        // Nanoseconds always: what other precisions are called differs between versions, and 1.x takes an unknown one for nanoseconds.
        return options.Dialect switch
        {
            InfluxDialect.V1 => $"/write?db={database}&precision=ns{(options.RetentionPolicy.Length == 0 ? "" : $"&rp={Uri.EscapeDataString(options.RetentionPolicy)}")}",
            InfluxDialect.V2 => $"/api/v2/write?bucket={database}&precision=ns{(options.Organization.Length == 0 ? "" : $"&org={Uri.EscapeDataString(options.Organization)}")}",
            _ => $"/api/v3/write_lp?db={database}&precision=nanosecond&accept_partial=true",
        };
    }

    private static AuthenticationHeaderValue? Authorization(InfluxOptions options)
    {
        if (options.ReadToken() is { } token)
        {
            return new AuthenticationHeaderValue(options.Dialect == InfluxDialect.V3 ? "Bearer" : "Token", token);
        }

        if (options.User.Length == 0)
        {
            return null;
        }

        var pair = $"{options.User}:{options.ReadPassword()}";

        // 1.8 takes a name and password for a token where it speaks version 2; elsewhere they are Basic.
        return options.Dialect == InfluxDialect.V2
            ? new AuthenticationHeaderValue("Token", pair)
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
    }

    private ReadOnlyMemoryContent Content(ReadOnlyMemory<byte> lines)
    {
        if (!_options.Gzip)
        {
            return new ReadOnlyMemoryContent(lines) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain", "utf-8") } };
        }

        var compressed = new MemoryStream(lines.Length / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(lines.Span);
        }

        return new ReadOnlyMemoryContent(compressed.GetBuffer().AsMemory(0, (int)compressed.Length))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("text/plain", "utf-8"), ContentEncoding = { "gzip" } },
        };
    }

    private async Task<InfluxWriteResult> JudgeAsync(HttpResponseMessage response, int points, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var reason = string.Create(CultureInfo.InvariantCulture, $"http_{status}");
        switch (status)
        {
            case >= 200 and < 300:
                return new InfluxWriteResult(InfluxWriteKind.Done);
            case 413 when points > 1:
                return new InfluxWriteResult(InfluxWriteKind.TooLarge, Reason: reason);
            case 429 or (>= 500 and <= 504 and not 501):
                var header = response.Headers.RetryAfter;
                var wait = header?.Delta ?? (header?.Date - _time.GetUtcNow());
                return new InfluxWriteResult(InfluxWriteKind.Unavailable, Reason: reason, RetryAfter: wait > TimeSpan.Zero ? wait : null);
            case 400 or 422:
                // The good lines of a partial write are stored. It must not be sent again: nothing would be gained.
                var rejected = InfluxAnswer.Rejected(await ReadErrorAsync(response, cancellationToken), points);
                return new InfluxWriteResult(InfluxWriteKind.Done, rejected, rejected < points ? "partial_write" : reason);
            default:
                return new InfluxWriteResult(InfluxWriteKind.Done, points, reason);
        }
    }

    private static async Task<byte[]> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[MaxErrorBytes];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return bytes[..length];
    }
}
