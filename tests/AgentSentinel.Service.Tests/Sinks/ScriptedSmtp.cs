using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentSentinel.Service.Tests.Sinks;

/// <summary>A small SMTP server on loopback that keeps the mails it is given.</summary>
internal sealed class ScriptedSmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public ScriptedSmtp()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>What is answered to the recipient.</summary>
    public string RecipientReply { get; set; } = "250 ok";

    public List<byte[]> Mails { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            try
            {
                await ServeAsync(client.GetStream());
            }
            catch (IOException)
            {
            }
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await SayAsync("220 test");
        while (await reader.ReadLineAsync(_stopping.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await SayAsync("250 test");
                    break;
                case "RCPT":
                    await SayAsync(RecipientReply);
                    break;
                case "DATA":
                    await SayAsync("354 go on");
                    var mail = new StringBuilder();
                    while (await reader.ReadLineAsync(_stopping.Token) is { } text && text != ".")
                    {
                        mail.Append(text.StartsWith('.') ? text[1..] : text).Append("\r\n");
                    }

                    Mails.Add(Encoding.Latin1.GetBytes(mail.ToString()));
                    await SayAsync("250 ok");
                    break;
                case "QUIT":
                    await SayAsync("221 bye");
                    return;
                default:
                    await SayAsync("250 ok");
                    break;
            }
        }

        Task SayAsync(string reply) => stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), _stopping.Token).AsTask();
    }
}
