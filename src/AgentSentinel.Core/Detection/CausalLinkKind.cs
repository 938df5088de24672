namespace AgentSentinel.Core.Detection;

/// <summary>What stands at one place of a causal chain.</summary>
public enum CausalLinkKind
{
    /// <summary>What the user or the system asked for.</summary>
    Request,

    /// <summary>A call whose result brought something in.</summary>
    Source,

    /// <summary>The call that acted on it.</summary>
    Action,
}
