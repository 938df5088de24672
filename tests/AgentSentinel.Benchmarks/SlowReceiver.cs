using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AgentSentinel.Service.Suspension;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Benchmarks;

/// <summary>Takes suspensions and tells their state, each answer after some time.</summary>
internal sealed class SlowReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly TimeSpan _delay;
    private readonly ConcurrentDictionary<string, bool> _suspended = new();

    private SlowReceiver(TimeSpan delay)
    {
        _delay = delay;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.MapPost("/webhook", ReceiveAsync);
        _server.MapGet("/state/{id}", TellAsync);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>When each order came in, by its id.</summary>
    public ConcurrentDictionary<string, long> Arrivals { get; } = new();

    public static async Task<SlowReceiver> StartAsync(TimeSpan delay)
    {
        var receiver = new SlowReceiver(delay);
        await receiver._server.StartAsync();
        receiver.Address = new Uri(receiver._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return receiver;
    }

    /// <summary>How this receiver is reached and read back.</summary>
    public WebhookOptions Options() => new()
    {
        Url = $"{Address}webhook",
        StatusUrl = $"{Address}state/{{suspension_id}}",
        Secrets = [WebhookSecret.Generate()],
        AllowPrivateTargets = true,
    };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        var id = context.Request.Headers[WebhookSignature.IdHeader].ToString();
        Arrivals.TryAdd(id, Stopwatch.GetTimestamp());
        await Task.Delay(_delay, context.RequestAborted);
        _suspended[id] = true;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task<string> TellAsync(string id, CancellationToken cancellationToken)
    {
        await Task.Delay(_delay, cancellationToken);
        return _suspended.ContainsKey(id) ? """{"state":"suspended"}""" : """{"state":"active"}""";
    }
}
