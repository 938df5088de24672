using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.Sinks;

/// <summary>A place where alerts go. Best effort: a sink that fails or hangs costs its own alerts and nobody else's.</summary>
internal interface IAlertSink : IAsyncDisposable
{
    /// <summary>kebab-case, for logs and meters.</summary>
    string Name { get; }

    /// <summary>Takes one alert. Alerts come one at a time, in order. May throw: the alert is then counted as lost for this sink.</summary>
    /// <exception cref="SinkException">It was not taken; says whether to try again.</exception>
    Task WriteAsync(Alert alert, CancellationToken cancellationToken);

    /// <summary>Takes one alert and returns when it has arrived: for a person who waits for the outcome of a test.</summary>
    Task TestAsync(Alert alert, CancellationToken cancellationToken) => WriteAsync(alert, cancellationToken);
}
