using AgentSentinel.Service.Live;
using Microsoft.AspNetCore.Http;

namespace AgentSentinel.Service.Api;

/// <summary>What happens, as a stream of events. Each reader has a bounded queue of its own; one that is slow loses events and is told so.</summary>
internal static class FeedEndpoint
{
    // What is written waits in memory for a slow reader.
    private const int MostAtOnce = 32;

    public static async Task StreamAsync(HttpContext context, LiveFeed feed, StreamSlots slots)
    {
        using var slot = slots.TryTake();
        if (slot is null)
        {
            await ApiProblem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many streams are open.");
            return;
        }

        // Opened before the answer begins: who has the answer misses nothing from then on.
        using var reader = feed.Open(context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } after] ? after : null);
        using var stream = await EventStream.BeginAsync(context);
        var waiting = reader.WaitAsync(stream.Ended).AsTask();
        try
        {
            stream.WriteBeat();
            await stream.FlushAsync();
            while (!stream.Ended.IsCancellationRequested)
            {
                await ((Task)waiting).WaitAsync(EventStream.Beat, stream.Time, stream.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (waiting.IsCompletedSuccessfully && !await waiting)
                {
                    return;
                }

                if (!waiting.IsCompleted)
                {
                    stream.WriteBeat();
                }
                else
                {
                    for (var written = 0; written < MostAtOnce && reader.TryRead(out var told); written++)
                    {
                        stream.Write(told!.Id, told.Kind, told.Json.Span);
                    }

                    waiting = reader.WaitAsync(stream.Ended).AsTask();
                }

                await stream.FlushAsync();
            }
        }
        catch (OperationCanceledException) when (stream.Ended.IsCancellationRequested)
        {
            // The reader left, or its time was over.
        }
    }
}
