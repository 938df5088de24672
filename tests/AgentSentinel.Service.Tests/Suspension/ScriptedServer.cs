using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using AgentSentinel.Service.Suspension;

namespace AgentSentinel.Service.Tests.Suspension;

/// <summary>A raw TCP server that answers each request with the next reply of its script, and can misbehave below HTTP.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>();
    private readonly Queue<Reply> _script = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _connections = [];
    private TcpListener? _listener;

    public ScriptedServer(params Reply[] replies)
    {
        Then(replies);
        Listen();
        Port = ((IPEndPoint)_listener!.LocalEndpoint).Port;
    }

    public delegate Task Reply(Socket socket, CancellationToken cancellationToken);

    public int Port { get; }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/hook"));

    /// <summary>Never answers.</summary>
    public static Reply Hang => (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <summary>Closes with RST.</summary>
    public static Reply Reset => (socket, _) =>
    {
        socket.LingerState = new LingerOption(true, 0);
        return Task.CompletedTask;
    };

    /// <summary>Closes without an answer.</summary>
    public static Reply Close => (_, _) => Task.CompletedTask;

    public static Reply Status(int status, params string[] headers) => Raw(
        string.Concat([string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\n"), .. headers.Select(h => h + "\r\n"), "content-length: 0\r\nconnection: close\r\n\r\n"]));

    public static Reply Raw(string response) => (socket, cancellationToken) =>
        socket.SendAsync(Encoding.ASCII.GetBytes(response), cancellationToken).AsTask();

    public void Then(params Reply[] replies)
    {
        lock (_gate)
        {
            foreach (var reply in replies)
            {
                _script.Enqueue(reply);
            }
        }
    }

    public ValueTask<Request> NextRequestAsync() => _requests.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public bool HasMoreRequests => _requests.Reader.TryPeek(out _);

    /// <summary>Connections are refused from here on.</summary>
    public void StopListening() => _listener!.Stop();

    public void Listen()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _connections.Add(AcceptAsync(_listener));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener!.Stop();
        Task[] open;
        lock (_gate)
        {
            open = [.. _connections];
        }

        await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync(TcpListener current)
    {
        try
        {
            while (true)
            {
                var socket = await current.AcceptSocketAsync(_stopping.Token);
                lock (_gate)
                {
                    _connections.Add(ServeAsync(socket));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        if (await ReadAsync(socket) is not { } request)
        {
            return;
        }

        Reply? reply;
        lock (_gate)
        {
            _script.TryDequeue(out reply);
        }

        _requests.Writer.TryWrite(request);
        await (reply ?? Status(599))(socket, _stopping.Token);
    }

    private async Task<Request?> ReadAsync(Socket socket)
    {
        var bytes = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(length), _stopping.Token);
            if (read == 0)
            {
                return null;
            }

            length += read;
            var end = bytes.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                continue;
            }

            var lines = Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n");
            var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
            var body = int.Parse(headers["Content-Length"], CultureInfo.InvariantCulture);
            if (length >= end + 4 + body)
            {
                return new Request(lines[0], headers, bytes.AsSpan(end + 4, body).ToArray());
            }
        }
    }

    internal sealed record Request(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string Id => Headers["webhook-id"];

        public long Timestamp => long.Parse(Headers["webhook-timestamp"], CultureInfo.InvariantCulture);

        public SignatureVerdict Verify(DateTimeOffset now) => WebhookSignature.Verify(
            [WebhookSecret.Parse(SomeWebhook.Secret)], Id, Headers["webhook-timestamp"], Headers["webhook-signature"], Body, now);
    }
}
