namespace AgentSentinel.Core.Windowing;

/// <summary>
/// Closed windows of a partition, to be opened again: agents open and close a window for each minute in which they act.
/// Owned by the <c>DetectionEngine</c>. Bounded: 256 windows, 3 MB.
/// </summary>
internal sealed class WindowPool
{
    private const int MostKept = 256;

    // The last one closed is the first one opened: it is still in the processor's cache.
    private readonly Stack<AgentWindow> _closed = new(MostKept);

    public AgentWindow Open(string agentId, DateTimeOffset start)
    {
        var window = _closed.TryPop(out var closed) ? closed : new AgentWindow();
        window.Open(agentId, start);
        return window;
    }

    public void Return(AgentWindow window)
    {
        if (_closed.Count < MostKept)
        {
            _closed.Push(window);
        }
    }
}
