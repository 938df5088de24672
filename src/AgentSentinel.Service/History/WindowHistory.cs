using AgentSentinel.Core.Detection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.History;

/// <summary>
/// Hands closed windows to every writer. Each writer has a queue and a loop of its own, so that none waits for another and the detection line
/// waits for none: it copies its points and goes on. Safe to call from every pipeline.
/// </summary>
internal sealed class WindowHistory : IAsyncDisposable
{
    private readonly List<WindowLane> _lanes = [];

    public WindowHistory(IEnumerable<IWindowWriter> writers, HistoryOptions options, int batchPoints, TimeProvider time, SentinelMeters meters, ILogger<WindowHistory> log)
    {
        foreach (var writer in writers)
        {
            var lane = new WindowLane(writer, options, batchPoints, time, meters, log);
            _lanes.Add(lane);
            meters.ObserveHistoryQueue(writer.Name, () => lane.Waiting);
        }
    }

    /// <summary>False when nobody would look at what is offered.</summary>
    public bool IsWanted => _lanes.Count > 0;

    /// <summary>Queues points for every writer. Never waits.</summary>
    public void Offer(ReadOnlySpan<WindowValue> values)
    {
        foreach (var lane in _lanes)
        {
            lane.Offer(values);
        }
    }

    /// <summary>Lets the writers finish what is queued, for a short while, then closes them.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_lanes.Select(lane => lane.DisposeAsync().AsTask()));
        _lanes.Clear();
    }
}
