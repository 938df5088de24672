using AgentSentinel.Core.Detection;

namespace AgentSentinel.Service.History;

/// <summary>A place where closed windows go, to be charted. Best effort: one that fails or hangs costs its own points and nobody else's.</summary>
internal interface IWindowWriter : IAsyncDisposable
{
    /// <summary>kebab-case, for logs and meters.</summary>
    string Name { get; }

    /// <summary>
    /// Writes points. Batches come one at a time, in order; the same point may come again, after a failure or a replay, and must then replace itself.
    /// </summary>
    /// <exception cref="WindowWriterUnavailableException">Not now: the same batch is tried again later.</exception>
    Task<WindowWriteResult> WriteAsync(ReadOnlyMemory<WindowValue> values, CancellationToken cancellationToken);
}
