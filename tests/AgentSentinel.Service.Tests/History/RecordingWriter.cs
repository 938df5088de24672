using System.Collections.Concurrent;
using AgentSentinel.Core.Detection;
using AgentSentinel.Service.History;

namespace AgentSentinel.Service.Tests.History;

/// <summary>Keeps what it is given, after doing what a test tells it to.</summary>
internal sealed class RecordingWriter(Func<int, CancellationToken, Task<WindowWriteResult>>? act = null, string name = "recording") : IWindowWriter
{
    private int _batches;

    public string Name => name;

    public ConcurrentQueue<WindowValue> Taken { get; } = new();

    public int Batches => _batches;

    public async Task<WindowWriteResult> WriteAsync(ReadOnlyMemory<WindowValue> values, CancellationToken cancellationToken)
    {
        var copy = values.ToArray();
        var result = act is null ? default : await act(_batches++, cancellationToken);
        foreach (var value in copy)
        {
            Taken.Enqueue(value);
        }

        return result;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
