using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Sinks;

/// <summary>Options of <see cref="SyslogSink"/>.</summary>
public sealed record SyslogOptions : IValidatedOptions
{
    /// <summary>Collector.</summary>
    [Description("Host of the syslog collector. Empty: none.")]
    public string? Host { get; init; }

    /// <summary>Port.</summary>
    [Description("Its TCP port.")]
    [Range(1, 65535)]
    public int Port { get; init; } = 6514;

    /// <summary>TLS.</summary>
    [Description("Whether TLS is used (RFC 5425). Without it only a relay on loopback is sent to.")]
    public bool Tls { get; init; } = true;

    /// <summary>Issuer of the collector's certificate.</summary>
    [Description("PEM file with the certificates that the collector's must descend from. Empty: those of the system.")]
    public string? CaFile { get; init; }

    /// <summary>Whether the target may be private.</summary>
    [Description("Whether the collector may lie in a private, link-local or loopback network.")]
    public bool AllowPrivateTargets { get; init; }

    /// <inheritdoc />
    public IEnumerable<string> Validate()
    {
        if (Host is null)
        {
            yield break;
        }

        foreach (var error in TargetUrl.HostErrors(nameof(Host), Host, AllowPrivateTargets))
        {
            yield return error;
        }

        if (!Tls && !TargetFilter.IsLoopbackHost(Host))
        {
            yield return "Tls: must be on; without it only a loopback target is sent to.";
        }

        if (CaFile is not null && !CanRead(CaFile))
        {
            yield return "CaFile: holds no PEM certificate that can be read.";
        }
    }

    private static bool CanRead(string file)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>CEF in RFC 5424 messages over one TCP connection with octet counting (RFC 6587, RFC 5425). The connection is opened when needed and kept.</summary>
internal sealed class SyslogSink(SinkOptions options, TimeProvider time) : IAlertSink
{
    private const int Facility = 13; // log audit
    private const int MaxHost = 255;

    // Without a byte order mark what is not ASCII would be of no stated encoding; with one, some readers of CEF miss its begin.
    private const string ByteOrderMark = "\uFEFF";

    private static readonly string HostName = Header(Environment.MachineName, MaxHost);

    private readonly SyslogOptions _syslog = options.Syslog;
    private readonly OutboundConnection _connection = new(options.Syslog.AllowPrivateTargets, options.Timeout, time);
    private Stream? _stream;

    // A collector says nothing: a read that ends means that it has closed the connection, which a write would notice too late.
    private Task<int>? _ended;

    public string Name => "syslog";

    public static byte[] Frame(Alert alert, string? consoleUrl)
    {
        var message = Encoding.UTF8.GetBytes(MessageOf(alert, consoleUrl));
        return [.. Encoding.ASCII.GetBytes(message.Length.ToString(CultureInfo.InvariantCulture)), (byte)' ', .. message];
    }

    public async Task WriteAsync(Alert alert, CancellationToken cancellationToken)
    {
        try
        {
            if (_ended is not { IsCompleted: false })
            {
                await CloseAsync();
                await OpenAsync(cancellationToken);
            }

            await _stream!.WriteAsync(Frame(alert, options.ConsoleUrl), cancellationToken);
            await _stream.FlushAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or TargetRefusedException or OperationCanceledException or ObjectDisposedException)
        {
            await CloseAsync();
            throw new SinkException(
                e is OperationCanceledException ? OutboundResponse.TimedOut : OutboundClient.ReasonOf(e), e is not (TargetRefusedException or AuthenticationException));
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private static string MessageOf(Alert alert, string? consoleUrl)
    {
        var severity = alert.Severity switch { Severity.Critical => 2, Severity.High => 3, Severity.Medium => 4, _ => 5 };
        var text = Cef.Write(alert, consoleUrl);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<{(Facility * 8) + severity}>1 {alert.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'} {HostName} {Product.Name} {Environment.ProcessId} {IncidentText.CodeOf(alert.Kind)} - {(Ascii.IsValid(text) ? "" : ByteOrderMark)}{text}");
    }

    /// <summary>Header fields hold printable ASCII without spaces.</summary>
    private static string Header(string text, int maxLength)
    {
        var printable = string.Concat(text.Where(c => c is > ' ' and < (char)127).Take(maxLength));
        return printable.Length == 0 ? "-" : printable;
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _stream = new NetworkStream(await _connection.ConnectAsync(_syslog.Host!, _syslog.Port, isPlain: !_syslog.Tls, cancellationToken), ownsSocket: true);
        if (_syslog.Tls)
        {
            var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
            _stream = tls;
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = _syslog.Host, CertificateChainPolicy = Trust() }, cancellationToken);
        }

        _ended = _stream.ReadAsync(new byte[1], CancellationToken.None).AsTask();
    }

    private X509ChainPolicy? Trust()
    {
        if (_syslog.CaFile is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(_syslog.CaFile);
        return policy;
    }

    private async Task CloseAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        if (_ended is not null)
        {
            await ((Task)_ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        (_stream, _ended) = (null, null);
    }
}
