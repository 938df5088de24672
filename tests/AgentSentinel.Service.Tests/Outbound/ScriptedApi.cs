using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using WireMock;
using WireMock.Server;
using WireMock.Settings;
using WireMock.Types;
using WireMock.Util;

namespace AgentSentinel.Service.Tests.Outbound;

/// <summary>An HTTP server on loopback that answers as the test says and remembers what it was asked.</summary>
internal sealed class ScriptedApi : IDisposable
{
    private readonly WireMockServer _server = WireMockServer.Start(new WireMockServerSettings { Urls = ["http://127.0.0.1:0"], StartAdminInterface = false });
    private readonly CancellationTokenSource _stopping = new();

    public ScriptedApi(Answer? answer = null)
    {
        Answers = answer ?? (_ => new Reply(200));
        _server
            .Given(WireMock.RequestBuilders.Request.Create().UsingAnyMethod())
            .RespondWith(WireMock.ResponseBuilders.Response.Create().WithCallback(ServeAsync));
    }

    public delegate Reply Answer(Request request);

    public ConcurrentQueue<Request> Requests { get; } = new();

    public Answer Answers { get; set; }

    public Uri Address => new(_server.Urls[0]);

    public void Dispose()
    {
        _stopping.Cancel();
        _server.Dispose();
        _stopping.Dispose();
    }

    private async Task<IResponseMessage> ServeAsync(IRequestMessage message)
    {
        var request = new Request(
            message.Method,
            new Uri(message.Url).PathAndQuery,
            message.Headers!.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            message.BodyAsBytes ?? []);
        Requests.Enqueue(request);
        var reply = Answers(request);
        await Task.Delay(reply.Status == Reply.HangStatus ? Timeout.InfiniteTimeSpan : reply.After, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var headers = (reply.Headers ?? []).ToDictionary(h => h.Name, h => new WireMockList<string>(h.Value));
        if (reply.Body.Length > 0)
        {
            headers["content-type"] = new WireMockList<string>("application/json");
        }

        return new ResponseMessage
        {
            StatusCode = reply.Status == Reply.HangStatus ? 500 : reply.Status,
            Headers = headers,
            BodyData = new BodyData { DetectedBodyType = BodyType.String, BodyAsString = reply.Body, Encoding = Encoding.UTF8 },
        };
    }

    internal sealed record Request(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
    {
        public string Text => Encoding.UTF8.GetString(Bytes);

        public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

        public IReadOnlyDictionary<string, string> Form => Text.Split('&').Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => WebUtility.UrlDecode(pair[0]), pair => WebUtility.UrlDecode(pair[1]));
    }

    internal sealed record Reply(int Status, string Body = "", params (string Name, string Value)[]? Headers)
    {
        public const int HangStatus = 0;

        /// <summary>How long it takes to answer.</summary>
        public TimeSpan After { get; init; }

        /// <summary>Never answers.</summary>
        public static Reply Hang => new(HangStatus);
    }
}
