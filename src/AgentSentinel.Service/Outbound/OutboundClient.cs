using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace AgentSentinel.Service.Outbound;

/// <summary>
/// HTTP to the outside, for everything we call: addresses checked at each connection, redirects never followed, one limit per request on the
/// injected clock, and whatever the network does is a value. Keeps no memory of requests; safe to call from several tasks.
/// </summary>
internal sealed class OutboundClient : IDisposable
{
    // What is not asked for is read up to this size to keep the connection, and dropped.
    private const int MaxDrainBytes = 4096;

    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly OutboundConnection _connection;
    private readonly HttpClient _client;

    public OutboundClient(bool allowPrivateTargets, TimeSpan timeout, TimeProvider time)
    {
        _timeout = timeout;
        _time = time;
        _connection = new OutboundConnection(allowPrivateTargets, timeout, time);
        _client = new HttpClient(CreateHandler())
        {
            // Each request has its own limit, on the injected clock.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Throws only when cancelled by the caller.</summary>
    /// <param name="request">The request; stays the caller's to dispose.</param>
    /// <param name="maxBodyBytes">How much of the body is wanted: a longer one is the reason <c>body_too_long</c>. 0: none, only the status counts.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<OutboundResponse> SendAsync(HttpRequestMessage request, int maxBodyBytes, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue(Product.Name, Product.Version));
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = maxBodyBytes == 0 ? [] : await ReadAsync(response, maxBodyBytes, either.Token);
            var status = (int)response.StatusCode;
            var reason = body is null ? "body_too_long" : status is >= 300 and < 400 ? "redirect" : string.Create(CultureInfo.InvariantCulture, $"http_{status}");
            return new OutboundResponse(status, reason, body, _time.GetElapsedTime(started), RetryAfter(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NoResponse(OutboundResponse.TimedOut, started);
        }
        catch (HttpRequestException e)
        {
            return NoResponse(ReasonOf(e), started);
        }
        catch (IOException)
        {
            return NoResponse("connection_closed", started);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>A bounded word for why there was no response.</summary>
    public static string ReasonOf(Exception error) => error switch
    {
        { InnerException: TargetRefusedException } or TargetRefusedException => OutboundResponse.TargetNotAllowed,
        { InnerException: OperationCanceledException } => OutboundResponse.TimedOut,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "name_not_resolved",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or { InnerException: AuthenticationException } or AuthenticationException => "tls_failed",
        _ => FindSocketError(error) switch
        {
            SocketError.ConnectionRefused => "connection_refused",
            SocketError.ConnectionReset => "connection_reset",
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "name_not_resolved",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "unreachable",
            SocketError.TimedOut => OutboundResponse.TimedOut,
            _ => error is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } ? "connection_closed" : "connection_failed",
        },
    };

    private SocketsHttpHandler CreateHandler() => new()
    {
        // A redirect could lead anywhere and a proxy would connect on our behalf: both would go round the check of the address.
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = async (context, cancellationToken) => new NetworkStream(
            await _connection.ConnectAsync(
                context.DnsEndPoint.Host, context.DnsEndPoint.Port, context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps, cancellationToken),
            ownsSocket: true),
        ConnectTimeout = _timeout,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = MaxDrainBytes,

        // A name may move to another address; a connection that was good an hour ago is no longer checked otherwise.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    };

    private OutboundResponse NoResponse(string reason, long started) => new(null, reason, default, _time.GetElapsedTime(started));

    /// <summary>Null when there is more.</summary>
    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var part = new byte[Math.Min(maxBytes + 1, 16 * 1024)];
        int read;
        while ((read = await stream.ReadAsync(part, cancellationToken)) > 0)
        {
            await body.WriteAsync(part.AsMemory(0, read), cancellationToken);
            if (body.Length > maxBytes)
            {
                return null;
            }
        }

        return body.ToArray();
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - _time.GetUtcNow());
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static SocketError? FindSocketError(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException!)
        {
            if (e is SocketException socket)
            {
                return socket.SocketErrorCode;
            }
        }

        return null;
    }
}
