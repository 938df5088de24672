namespace AgentSentinel.Service.Options;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Key">Where: a key path such as <c>Kafka:GroupId</c>, or a file's name.</param>
/// <param name="Message">What, and what to do about it. Never a secret's value.</param>
public sealed record OptionsError(string Key, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Key.Length == 0 ? Message : $"{Key}: {Message}";
}
