using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AgentSentinel.Service.Sinks;

/// <summary>Options of <see cref="EmailChannel"/>.</summary>
public sealed record EmailOptions : IValidatedOptions
{
    /// <summary>Mail server.</summary>
    [Description("Host of the SMTP server. Empty: none.")]
    public string? Host { get; init; }

    /// <summary>Port.</summary>
    [Description("Its port: 587 with StartTls, 465 with Tls.")]
    [Range(1, 65535)]
    public int Port { get; init; } = 587;

    /// <summary>Encryption.</summary>
    [Description("StartTls (required, not opportunistic), Tls from the first byte, or None, which is sent to loopback only.")]
    public EmailEncryption Encryption { get; init; } = EmailEncryption.StartTls;

    /// <summary>User.</summary>
    [Description("User name. Empty: no log-in.")]
    public string? UserName { get; init; }

    /// <summary>File with the password.</summary>
    [Description("File that holds the password.")]
    public string? PasswordFile { get; init; }

    /// <summary>Sender.</summary>
    [Description("Address of the sender.")]
    public string From { get; init; } = "";

    /// <summary>Recipients.</summary>
    [Description("Addresses of the recipients.")]
    public string[] To { get; init; } = [];

    /// <summary>Whether the target may be private.</summary>
    [Description("Whether the server may lie in a private, link-local or loopback network.")]
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

        if (Encryption == EmailEncryption.None && !TargetFilter.IsLoopbackHost(Host))
        {
            yield return "Encryption: None is allowed to loopback only.";
        }

        if (UserName is not null != PasswordFile is not null)
        {
            yield return "PasswordFile: UserName and PasswordFile go together.";
        }

        foreach (var error in PasswordFile is null ? [] : SecretFile.Errors(nameof(PasswordFile), PasswordFile))
        {
            yield return error;
        }

        if (!MailboxAddress.TryParse(From, out _))
        {
            yield return "From: not an e-mail address.";
        }

        if (To.Length == 0 || !To.All(address => MailboxAddress.TryParse(address, out _)))
        {
            yield return "To: at least one address is needed, and each must be an e-mail address.";
        }
    }
}

/// <summary>E-mail, one mail per change of an incident, all of them one thread. A connection per mail: they are few, and servers close idle ones.</summary>
internal sealed class EmailChannel(SinkOptions options, IAlertChart? chart, TimeProvider time) : IMessageChannel
{
    private readonly EmailOptions _email = options.Email;
    private readonly string? _password = options.Email.PasswordFile is { } file ? SecretFile.Read(file) : null;
    private readonly OutboundConnection _connection = new(options.Email.AllowPrivateTargets, options.Timeout, time);

    public string Name => "email";

    public async Task<string?> SendAsync(IncidentMessage message, string? reference, CancellationToken cancellationToken)
    {
        var png = chart is null ? null : await chart.DrawAsync(message.Latest, cancellationToken);
        using var mail = EmailMessage.Write(message, _email.From, _email.To, options.ConsoleUrl, png);
        try
        {
            // The socket is ours, so that the address was checked; the client owns it from here.
            var socket = await _connection.ConnectAsync(_email.Host!, _email.Port, isPlain: _email.Encryption == EmailEncryption.None, cancellationToken);
            using var client = new SmtpClient();
            await client.ConnectAsync(socket, _email.Host!, _email.Port, _email.Encryption switch
            {
                EmailEncryption.StartTls => SecureSocketOptions.StartTls,
                EmailEncryption.Tls => SecureSocketOptions.SslOnConnect,
                _ => SecureSocketOptions.None,
            }, cancellationToken);
            if (_password is not null)
            {
                await client.AuthenticateAsync(_email.UserName!, _password, cancellationToken);
            }

            await client.SendAsync(mail, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
            return null;
        }
        catch (SmtpCommandException e)
        {
            // 4yz may pass, 5yz does not.
            throw new SinkException($"smtp_{(int)e.StatusCode}", isTransient: (int)e.StatusCode is >= 400 and < 500);
        }
        catch (Exception e) when (e is SslHandshakeException or MailKit.Security.AuthenticationException or NotSupportedException or TargetRefusedException)
        {
            throw new SinkException(
                e switch { SslHandshakeException => "tls_failed", NotSupportedException => "no_starttls", TargetRefusedException => OutboundResponse.TargetNotAllowed, _ => "log_in_failed" },
                isTransient: false);
        }
        catch (Exception e) when (e is IOException or SocketException or ProtocolException or OperationCanceledException)
        {
            throw new SinkException(e is OperationCanceledException ? OutboundResponse.TimedOut : OutboundClient.ReasonOf(e), isTransient: true);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
