namespace AgentSentinel.Service.Sinks;

/// <summary>A channel that people read, where an incident is one message. Driven by <see cref="IncidentMessages"/>: one call at a time.</summary>
internal interface IMessageChannel : IAsyncDisposable
{
    /// <summary>kebab-case, for logs and meters.</summary>
    string Name { get; }

    /// <summary>Sends the incident as it stands now.</summary>
    /// <param name="message">The incident.</param>
    /// <param name="reference">What an earlier call returned for this incident, so that its message can be updated; null at the first, and after a restart.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Whatever the channel needs to update the message; null when it cannot or needs nothing.</returns>
    /// <exception cref="SinkException">It was not taken; says whether to try again.</exception>
    Task<string?> SendAsync(IncidentMessage message, string? reference, CancellationToken cancellationToken);
}
