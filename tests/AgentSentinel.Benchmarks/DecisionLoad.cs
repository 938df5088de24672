using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// Keep-alive clients that ask for decisions at a fixed rate, whether the answers keep up or not: a question that finds no connection free waits, and its
/// wait counts. Plain sockets, so that the clients take little of what the server needs.
/// </summary>
internal sealed class DecisionLoad : IAsyncDisposable
{
    private readonly Channel<(int Agent, long DueAt)> _questions = Channel.CreateUnbounded<(int, long)>();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _clients = [];
    private readonly byte[][] _requests;
    private readonly ConcurrentDictionary<int, bool> _watched = new();
    private long _answered;
    private int _failures;

    private DecisionLoad(Uri address, string secret, int agents) =>
        _requests = [.. Enumerable.Range(0, agents).Select(i => Encoding.ASCII.GetBytes($"GET /v1/decisions/{NameOf(i)} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {secret}\r\n\r\n"))];

    /// <summary>Milliseconds from the moment a question was due to its answer.</summary>
    public ConcurrentBag<double> Latencies { get; } = [];

    /// <summary>Answers about agents that are watched.</summary>
    public ConcurrentBag<(string Agent, long SentAt, bool IsAllowed)> Answers { get; } = [];

    public int Failures => _failures;

    public static string NameOf(int agent) => string.Create(CultureInfo.InvariantCulture, $"agent-{agent:00000}");

    public static async Task<DecisionLoad> ConnectAsync(Uri address, string secret, int agents, int connections)
    {
        var load = new DecisionLoad(address, secret, agents);
        for (var i = 0; i < connections; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port));
            load._sockets.Add(socket);
            load._clients.Add(load.AskAsync(socket));
        }

        return load;
    }

    /// <summary>Notes every answer about an agent from now on, and asks about it more often than about others.</summary>
    public void Watch(int agent) => _watched[agent] = true;

    public void Forget()
    {
        Latencies.Clear();
        Answers.Clear();
    }

    /// <summary>Asks for a while; how many were answered.</summary>
    public async Task<long> RunAsync(int rate, TimeSpan duration)
    {
        var random = new Random(7);
        var (began, asked, answeredBefore) = (Stopwatch.GetTimestamp(), 0L, Interlocked.Read(ref _answered));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (await timer.WaitForNextTickAsync() && Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < duration)
        {
            var watched = _watched.Keys.ToArray();
            for (var due = (long)(elapsed.TotalSeconds * rate); asked < due; asked++)
            {
                var agent = watched.Length > 0 && asked % 4 == 0 ? watched[random.Next(watched.Length)] : random.Next(_requests.Length);
                _questions.Writer.TryWrite((agent, Stopwatch.GetTimestamp()));
            }
        }

        // What is still on its way.
        while (Interlocked.Read(ref _answered) - answeredBefore + _failures < asked && Stopwatch.GetElapsedTime(began) < duration + TimeSpan.FromSeconds(5))
        {
            await Task.Delay(1);
        }

        return Interlocked.Read(ref _answered) - answeredBefore;
    }

    public async ValueTask DisposeAsync()
    {
        _questions.Writer.Complete();
        await Task.WhenAll(_clients);
        _sockets.ForEach(s => s.Dispose());
    }

    private async Task AskAsync(Socket socket)
    {
        var buffer = new byte[4096];
        await foreach (var (agent, dueAt) in _questions.Reader.ReadAllAsync())
        {
            var isWatched = _watched.ContainsKey(agent);
            var sentAt = Stopwatch.GetTimestamp();
            await socket.SendAsync(_requests[agent]);
            var length = 0;
            while (!IsComplete(buffer.AsSpan(0, length)))
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(length));
                if (read == 0)
                {
                    Interlocked.Increment(ref _failures);
                    return;
                }

                length += read;
            }

            var answer = buffer.AsSpan(0, length);
            if (!answer.StartsWith("HTTP/1.1 200"u8))
            {
                Interlocked.Increment(ref _failures);
                continue;
            }

            Latencies.Add(Stopwatch.GetElapsedTime(dueAt).TotalMilliseconds);
            Interlocked.Increment(ref _answered);
            if (isWatched)
            {
                Answers.Add((NameOf(agent), sentAt, answer.IndexOf("\"allow\""u8) >= 0));
            }
        }
    }

    private static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        var at = answer.IndexOf("Content-Length: "u8);
        return end >= 0 && at >= 0 && at < end
            && System.Buffers.Text.Utf8Parser.TryParse(answer[(at + 16)..], out int length, out _) && answer.Length >= end + 4 + length;
    }
}
