using System.Net;
using System.Net.Sockets;

namespace AgentSentinel.Service.Outbound;

/// <summary>Resolves a name and connects to an address that was itself checked: between check and connection nothing is resolved again.</summary>
/// <param name="allowPrivateTargets">Whether the target may lie in a private network.</param>
/// <param name="timeout">For all addresses of a name together.</param>
/// <param name="time">The clock of the timeout.</param>
internal sealed class OutboundConnection(bool allowPrivateTargets, TimeSpan timeout, TimeProvider time)
{
    /// <param name="host">Name or address.</param>
    /// <param name="port">Port.</param>
    /// <param name="isPlain">Whether no TLS will follow. Nothing proves then who answers, so a plain connection never leaves this machine, whatever "localhost" resolves to.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="TargetRefusedException">None of the addresses is allowed.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, bool isPlain, CancellationToken cancellationToken)
    {
        IPAddress[] resolved = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = resolved.Where(address => TargetFilter.IsAllowed(address, allowPrivateTargets) && (!isPlain || IPAddress.IsLoopback(address))).ToArray();
        if (allowed.Length == 0)
        {
            throw resolved.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new TargetRefusedException();
        }

        for (var i = 0; ; i++)
        {
            // An address that swallows packets must leave time for the next one.
            using var share = new CancellationTokenSource(timeout / allowed.Length, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(share.Token, cancellationToken);
            var socket = new Socket(allowed[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(allowed[i], port), either.Token);
                return socket;
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
}
