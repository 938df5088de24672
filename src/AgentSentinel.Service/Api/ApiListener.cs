using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentSentinel.Service.Health;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AgentSentinel.Service.Api;

/// <summary>
/// The service's one web server and its two addresses: that of health, which anybody may ask, and that of the API. A connection knows by which it came;
/// what belongs to the API is not there on the other, whatever a request says.
/// </summary>
internal static class ApiListener
{
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>Listens; false when neither address is configured.</summary>
    public static bool Listen(IWebHostBuilder builder, HealthOptions health, ApiOptions api)
    {
        var healthUrls = health.Url.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (healthUrls.Length == 0 && !api.IsOn)
        {
            return false;
        }

        builder.UseKestrelHttpsConfiguration();
        builder.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            foreach (var url in healthUrls.Where(url => url != api.Url))
            {
                Bind(kestrel, url, listen => Secure(listen, url, api));
            }

            if (api.IsOn)
            {
                Bind(kestrel, api.Url, listen =>
                {
                    Secure(listen, api.Url, api);
                    listen.Use(next => connection =>
                    {
                        connection.Features.Set(Arrival.ByApi);
                        return next(connection);
                    });
                });
            }
        });
        return true;
    }

    /// <summary>Whether a request came by the API's address.</summary>
    public static bool IsByApi(HttpContext context) => context.Features.Get<Arrival>() is not null;

    /// <summary>The certificate of the options. The error never repeats content.</summary>
    public static bool TryReadCertificate(ApiOptions options, [NotNullWhen(true)] out X509Certificate2? certificate, [NotNullWhen(false)] out string? error)
    {
        (certificate, error) = (null, null);
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.CertificateKeyFile is { Length: > 0 } key ? key : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            error = $"the certificate and its key cannot be read ({e.GetType().Name})";
        }

        return error is null;
    }

    private static void Bind(KestrelServerOptions kestrel, string url, Action<ListenOptions> configure)
    {
        var address = BindingAddress.Parse(url);
        if (address.IsUnixPipe)
        {
            kestrel.ListenUnixSocket(address.UnixPipePath, configure);
        }
        else if (string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(address.Port, configure);
        }
        else if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
        {
            kestrel.Listen(ip, address.Port, configure);
        }
        else
        {
            // Any other name stands for all addresses, as it always did.
            kestrel.ListenAnyIP(address.Port, configure);
        }
    }

    private static void Secure(ListenOptions listen, string url, ApiOptions api)
    {
        if (!url.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            // Without TLS there is nobody to agree on HTTP/2 with.
            listen.Protocols = HttpProtocols.Http1;
            return;
        }

        if (!TryReadCertificate(api, out var certificate, out var error))
        {
            throw new InvalidOperationException(error);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(api.CertificateFile!);
        listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ServerCertificateChain = chain;
            https.SslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13;
        });
    }

    /// <summary>What a connection carries that came by the API's address.</summary>
    private sealed class Arrival
    {
        public static readonly Arrival ByApi = new();
    }
}
