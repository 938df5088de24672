namespace AgentSentinel.Service.Options;

/// <summary>The value of this property, and of all below it, is never shown: neither in an error nor by <c>sentinel config</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
