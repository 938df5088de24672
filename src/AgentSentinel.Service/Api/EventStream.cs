using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentSentinel.Service.Api;

/// <summary>
/// A stream of server-sent events. It ends by itself after some minutes, so that a token that is no longer good does not live on in one; clients connect
/// again, and say with <c>Last-Event-ID</c> where they were.
/// </summary>
internal sealed class EventStream : IDisposable
{
    /// <summary>How often something is sent, if only to find out that nobody listens any more.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly HttpContext _context;
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenSource _either;

    private EventStream(HttpContext context)
    {
        _context = context;
        Time = context.RequestServices.GetRequiredService<TimeProvider>();
        _limit = new CancellationTokenSource(Longest, Time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, _limit.Token, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
    }

    public TimeProvider Time { get; }

    /// <summary>The client is gone, its time is over, or the service stops.</summary>
    public CancellationToken Ended => _either.Token;

    public static bool IsWanted(HttpRequest request) =>
        request.Headers.Accept is [{ } accept] && accept.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);

    public static async Task<EventStream> BeginAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";

        // nginx would hold it back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await context.Response.StartAsync(context.RequestAborted);
        return new EventStream(context);
    }

    /// <summary>Writes one event; <see cref="FlushAsync"/> sends it.</summary>
    /// <param name="id">Its id; empty for none.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="json">JSON without a newline: a text in it cannot begin an event of its own.</param>
    public void Write(string id, string kind, ReadOnlySpan<byte> json)
    {
        var writer = _context.Response.BodyWriter;
        if (id.Length > 0)
        {
            Encoding.UTF8.GetBytes($"id: {id}\n", writer);
        }

        Encoding.UTF8.GetBytes($"event: {kind}\ndata: ", writer);
        json.CopyTo(writer.GetSpan(json.Length));
        writer.Advance(json.Length);
        Encoding.UTF8.GetBytes("\n\n", writer);
    }

    /// <summary>Writes a comment that clients ignore.</summary>
    public void WriteBeat() => Encoding.UTF8.GetBytes(":\n\n", _context.Response.BodyWriter);

    /// <summary>Sends what was written; waits for a slow client.</summary>
    public async Task FlushAsync() => await _context.Response.BodyWriter.FlushAsync(Ended);

    public void Dispose()
    {
        _either.Dispose();
        _limit.Dispose();
    }
}
