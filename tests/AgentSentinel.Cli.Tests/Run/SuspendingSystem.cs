using System.Collections.Concurrent;
using System.Net;
using AgentSentinel.Service.Suspension;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Cli.Tests.Run;

/// <summary>
/// A receiver of suspensions that does what it is told and can be asked for its state. Whoever watches it is told of each step that an order takes
/// there, while the sender waits for the answer.
/// </summary>
internal sealed class SuspendingSystem : IAsyncDisposable
{
    private const string StatePath = "/state/";

    private readonly WebApplication _server;
    private readonly WebhookSecret _key;
    private readonly ConcurrentDictionary<string, string> _states = new();

    private SuspendingSystem(WebApplication server, string secret)
    {
        _server = server;
        Secret = secret;
        _key = WebhookSecret.Parse(secret);
    }

    /// <summary>Steps at which the sender may be killed.</summary>
    internal enum Step
    {
        /// <summary>A webhook is here, and nothing was done about it.</summary>
        Arrived,

        /// <summary>It was carried out; the sender has not heard of it.</summary>
        CarriedOut,

        /// <summary>The sender has its answer.</summary>
        Answered,

        /// <summary>The sender asks what the state is.</summary>
        ReadBack,
    }

    public string Secret { get; }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public string StatusUrl => $"{Address}{StatePath[1..]}{{suspension_id}}";

    /// <summary>Everything that came in with a valid signature, in order: id and body.</summary>
    public ConcurrentQueue<(string Id, string Body)> Webhooks { get; } = new();

    /// <summary>Requests whose signature was wrong.</summary>
    public int Refused => _refused;

    /// <summary>Told of each step.</summary>
    public Action<Step> Watcher { get; set; } = _ => { };

    private int _refused;

    public static async Task<SuspendingSystem> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var system = new SuspendingSystem(builder.Build(), WebhookSecret.Generate());
        system._server.MapPost("/webhook", system.ReceiveAsync);
        system._server.MapGet($"{StatePath}{{id}}", system.Tell);
        await system._server.StartAsync(TestContext.Current.CancellationToken);
        system.Address = new Uri(system._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return system;
    }

    public bool IsSuspended(string suspensionId) => _states.GetValueOrDefault(suspensionId) == SuspensionWebhook.SuspendType;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var (headers, body) = (context.Request.Headers, buffer.ToArray());
        var id = headers[WebhookSignature.IdHeader].ToString();
        var verdict = WebhookSignature.Verify(
            [_key], id, headers[WebhookSignature.TimestampHeader], headers[WebhookSignature.SignatureHeader], body, TimeProvider.System.GetUtcNow());
        if (verdict != SignatureVerdict.Valid)
        {
            Interlocked.Increment(ref _refused);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        Watcher(Step.Arrived);
        Webhooks.Enqueue((id, System.Text.Encoding.UTF8.GetString(body)));
        using var json = System.Text.Json.JsonDocument.Parse(body);
        _states[SuspensionWebhook.SuspensionIdOf(id)] = json.RootElement.GetProperty("type").GetString()!;
        Watcher(Step.CarriedOut);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        await context.Response.CompleteAsync();
        Watcher(Step.Answered);
    }

    private string Tell(string id)
    {
        Watcher(Step.ReadBack);
        return IsSuspended(id) ? """{"state":"suspended"}""" : """{"state":"active"}""";
    }
}
