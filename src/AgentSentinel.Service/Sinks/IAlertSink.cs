using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.Sinks;

/// <summary>A place where alerts go. Best effort: a sink that fails or hangs costs its own alerts and nobody else's.</summary>
internal interface IAlertSink : IAsyncDisposable
{
    /// <summary>kebab-case, for logs and meters.</summary>
    string Name { get; }

    /// <summary>Takes one alert. Alerts come one at a time, in order. May throw: the alert is then counted as lost for this sink.</summary>
    Task WriteAsync(Alert alert, CancellationToken cancellationToken);
}
