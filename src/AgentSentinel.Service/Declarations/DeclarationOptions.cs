using System.ComponentModel;

namespace AgentSentinel.Service.Declarations;

/// <summary>Files in which people declare what they know and want, apart from the options of the service.</summary>
public sealed record DeclarationOptions
{
    /// <summary>The registry of agents, YAML or JSON; null when there is none.</summary>
    [Description("File (YAML or JSON) with the registry of agents and the labels of resources. Empty: nothing is declared.")]
    public string? RegistryFile { get; init; }

    /// <summary>The policy, YAML or JSON; null for the built-in one.</summary>
    [Description("File (YAML or JSON) with the response policy. Empty: from the severity Response:Suspension:SuspendAt on the agent is suspended.")]
    public string? PolicyFile { get; init; }
}
