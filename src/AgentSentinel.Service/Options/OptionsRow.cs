namespace AgentSentinel.Service.Options;

/// <summary>One key of the configuration, as <c>sentinel config</c> and the documentation show it.</summary>
/// <param name="Key">The key path, such as <c>Kafka:GroupId</c>.</param>
/// <param name="Type">The type in words an operator uses: <c>duration</c>, <c>list of string</c>, <c>one of Low, High</c>.</param>
/// <param name="Value">The value as it could be written into the configuration; <c>***</c> for a secret that is set.</param>
/// <param name="Default">The value when nothing is configured, written likewise.</param>
/// <param name="Description">What it is for.</param>
public sealed record OptionsRow(string Key, string Type, string Value, string Default, string Description);
