using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace AgentSentinel.Service.Tests.Sinks;

/// <summary>A syslog collector on loopback, with TLS if it is given a certificate. Remembers every byte.</summary>
internal sealed class ScriptedCollector : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly X509Certificate2? _certificate;
    private readonly Task _loop;
    private readonly SemaphoreSlim _came = new(0);
    private TcpClient? _current;
    private readonly List<byte> _bytes = [];

    public ScriptedCollector(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = AcceptAsync();
    }

    public int Port { get; }

    public int Connections { get; private set; }

    /// <summary>Ends the present connection.</summary>
    public void Hangup() => _current!.Close();

    /// <summary>Waits until that many bytes have come, and returns all.</summary>
    public async Task<byte[]> ReadAsync(int atLeast)
    {
        while (true)
        {
            lock (_bytes)
            {
                if (_bytes.Count >= atLeast)
                {
                    return [.. _bytes];
                }
            }

            await _came.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _came.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            Connections++;
            _current = client;
            try
            {
                await ServeAsync(client.GetStream());
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
            }
        }
    }

    private async Task ServeAsync(Stream stream)
    {
        if (_certificate is not null)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stopping.Token);
            stream = tls;
        }

        var part = new byte[8192];
        int read;
        while ((read = await stream.ReadAsync(part, _stopping.Token)) > 0)
        {
            lock (_bytes)
            {
                _bytes.AddRange(part.AsSpan(0, read));
            }

            _came.Release();
        }
    }
}
