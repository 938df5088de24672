using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Authentication;

namespace AgentSentinel.Service.Suspension;

/// <summary>Makes one attempt to deliver one message. Keeps no memory of messages; safe to call from several tasks.</summary>
internal sealed class WebhookSender : IDisposable
{
    // Only the status counts. What else a receiver says is read up to this size to keep the connection, and dropped.
    private const int MaxResponseBytes = 4096;

    private static readonly ProductInfoHeaderValue UserAgent = new(
        "AgentSentinel", typeof(WebhookSender).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    private readonly Uri _url;
    private readonly bool _allowPrivateTargets;
    private readonly TimeSpan _timeout;
    private readonly IReadOnlyList<WebhookSecret> _secrets;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    /// <summary>The options must have passed <see cref="WebhookOptions.Validate"/> and have a URL.</summary>
    public WebhookSender(WebhookOptions options, TimeProvider time)
    {
        _url = new Uri(options.Url ?? throw new ArgumentException("There is no URL to send to.", nameof(options)));
        _allowPrivateTargets = options.AllowPrivateTargets;
        _timeout = options.Timeout;
        _secrets = options.ReadSecrets();
        _time = time;
        _client = new HttpClient(CreateHandler())
        {
            // Each attempt has its own limit, on the injected clock.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Throws only when cancelled by the caller; whatever the network does is an outcome.</summary>
    public async Task<WebhookOutcome> SendAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = CreateRequest(message);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(response, _time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookOutcome(WebhookOutcomeKind.Failed, null, "timeout", _time.GetElapsedTime(started));
        }
        catch (HttpRequestException e)
        {
            return Judge(e, _time.GetElapsedTime(started));
        }
    }

    public void Dispose() => _client.Dispose();

    private SocketsHttpHandler CreateHandler() => new()
    {
        // A redirect could lead anywhere and a proxy would connect on our behalf: both would go round the check of the address.
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = ConnectAsync,
        ConnectTimeout = _timeout,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = MaxResponseBytes,

        // A name may move to another address; a connection that was good an hour ago is no longer checked otherwise.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    };

    private HttpRequestMessage CreateRequest(OutboxMessage message)
    {
        var now = _time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(message.Payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue(UserAgent.Product!));
        request.Headers.Add(WebhookSignature.IdHeader, message.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(_secrets, message.Id, now, message.Payload.Span));
        return request;
    }

    /// <summary>Resolves the name and connects to an address that was itself checked: between check and connection nothing is resolved again.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        IPAddress[] resolved = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);

        // Without TLS nothing proves who answers, so a plain connection never leaves this machine, whatever "localhost" resolves to.
        var isPlain = _url.Scheme == Uri.UriSchemeHttp;
        var allowed = resolved.Where(address => TargetFilter.IsAllowed(address, _allowPrivateTargets) && (!isPlain || IPAddress.IsLoopback(address))).ToArray();
        if (allowed.Length == 0)
        {
            throw resolved.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new TargetRefusedException();
        }

        for (var i = 0; ; i++)
        {
            // An address that swallows packets must leave time for the next one.
            using var share = new CancellationTokenSource(_timeout / allowed.Length, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(share.Token, cancellationToken);
            var socket = new Socket(allowed[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(allowed[i], context.DnsEndPoint.Port), either.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e) when (i + 1 < allowed.Length && !cancellationToken.IsCancellationRequested && e is SocketException or OperationCanceledException)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private WebhookOutcome Judge(HttpResponseMessage response, TimeSpan duration)
    {
        var status = (int)response.StatusCode;
        var kind = status switch
        {
            >= 200 and < 300 => WebhookOutcomeKind.Delivered,
            410 => WebhookOutcomeKind.Disabled,
            429 or 502 or 504 => WebhookOutcomeKind.Throttled,
            >= 400 and < 500 => WebhookOutcomeKind.Rejected,
            _ => WebhookOutcomeKind.Failed,
        };
        var reason = status is >= 300 and < 400 ? "redirect" : string.Create(CultureInfo.InvariantCulture, $"http_{status}");
        return new WebhookOutcome(kind, status, reason, duration, kind == WebhookOutcomeKind.Delivered ? null : RetryAfter(response));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - _time.GetUtcNow());
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static WebhookOutcome Judge(HttpRequestException error, TimeSpan duration)
    {
        if (error.InnerException is TargetRefusedException)
        {
            return new WebhookOutcome(WebhookOutcomeKind.Refused, null, "target_not_allowed", duration);
        }

        var reason = error switch
        {
            { InnerException: OperationCanceledException } => "timeout",
            { HttpRequestError: HttpRequestError.NameResolutionError } => "name_not_resolved",
            { HttpRequestError: HttpRequestError.SecureConnectionError } or { InnerException: AuthenticationException } => "tls_failed",
            _ => FindSocketError(error) switch
            {
                SocketError.ConnectionRefused => "connection_refused",
                SocketError.ConnectionReset => "connection_reset",
                SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "name_not_resolved",
                SocketError.HostUnreachable or SocketError.NetworkUnreachable => "unreachable",
                SocketError.TimedOut => "timeout",
                _ => error.HttpRequestError == HttpRequestError.ResponseEnded ? "connection_closed" : "connection_failed",
            },
        };
        return new WebhookOutcome(WebhookOutcomeKind.Failed, null, reason, duration);
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

    private sealed class TargetRefusedException() : Exception("None of the target's addresses is allowed.");
}
