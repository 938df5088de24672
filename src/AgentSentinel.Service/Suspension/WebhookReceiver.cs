using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentSentinel.Service.Suspension;

/// <summary>
/// The other side of a webhook, on a free port of loopback: an example to copy, and what the demo and the tests send to. It shows the four
/// things a receiver must do: verify the signature over the raw bytes before parsing them, refuse what is old, remember ids since a request
/// may come twice, and answer quickly.
/// </summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxRemembered = 10_000;
    private const int MaxUnread = 1_024;

    private readonly WebApplication _server;
    private readonly WebhookSecret _key;
    private readonly TimeProvider _time;

    // When nobody reads, the oldest are dropped: the answer to the sender does not wait for whoever looks at them.
    private readonly Channel<ReceivedWebhook> _received = Channel.CreateBounded<ReceivedWebhook>(
        new BoundedChannelOptions(MaxUnread) { FullMode = BoundedChannelFullMode.DropOldest });

    // A real receiver keeps the ids where they survive a restart, for as long as the sender may retry. Only verified ids come in here.
    private readonly HashSet<string> _remembered = [];
    private readonly Queue<string> _rememberedOrder = new();
    private readonly Lock _gate = new();

    private WebhookReceiver(string secret, TimeProvider time)
    {
        Secret = secret;
        _key = WebhookSecret.Parse(secret);
        _time = time;
        _server = Build();
    }

    /// <summary>Where to send webhooks.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The secret that senders must sign with, as <c>whsec_&lt;base64&gt;</c>.</summary>
    public string Secret { get; }

    /// <summary>What has come in, refused requests included, up to the newest 1024 unread.</summary>
    public ChannelReader<ReceivedWebhook> Received => _received.Reader;

    /// <summary>Starts a receiver with that secret, or with a new one when it is null.</summary>
    public static async Task<WebhookReceiver> StartAsync(string? secret, TimeProvider time, CancellationToken cancellationToken)
    {
        var receiver = new WebhookReceiver(secret ?? WebhookSecret.Generate(), time);
        try
        {
            await receiver._server.StartAsync(cancellationToken);
            var addresses = receiver._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
            receiver.Address = new Uri(new Uri(addresses.Single()), "/webhook");
            return receiver;
        }
        catch
        {
            await receiver.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening and completes <see cref="Received"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _received.Writer.TryComplete();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        app.Run(ReceiveAsync);
        return app;
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var body = buffer.ToArray();

        var headers = context.Request.Headers;
        var id = headers[WebhookSignature.IdHeader].ToString();
        var now = _time.GetUtcNow();
        var verdict = WebhookSignature.Verify(
            [_key], id, headers[WebhookSignature.TimestampHeader], headers[WebhookSignature.SignatureHeader], body, now);
        var isValid = verdict == SignatureVerdict.Valid;
        _received.Writer.TryWrite(new ReceivedWebhook(id, ReadType(body), body, now, isValid, isValid && !Remember(id)));

        // A repeat is a success too: the sender only wants to know that the order has arrived.
        context.Response.StatusCode = isValid ? StatusCodes.Status204NoContent : StatusCodes.Status401Unauthorized;
    }

    /// <summary>False when the id was there already.</summary>
    private bool Remember(string id)
    {
        lock (_gate)
        {
            if (!_remembered.Add(id))
            {
                return false;
            }

            _rememberedOrder.Enqueue(id);
            if (_rememberedOrder.Count > MaxRemembered)
            {
                _remembered.Remove(_rememberedOrder.Dequeue());
            }

            return true;
        }
    }

    private static string? ReadType(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("type", out var type)
                && type.ValueKind == JsonValueKind.String
                ? type.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The usual lifetime takes Ctrl+C for itself; here that belongs to the program around the receiver.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
