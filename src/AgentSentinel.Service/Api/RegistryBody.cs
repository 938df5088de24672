using System.ComponentModel;
using System.Text.Json.Serialization;
using AgentSentinel.Core.Registry;

namespace AgentSentinel.Service.Api;

/// <summary>An entry of the registry as it comes over HTTP.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RegistryBody
{
    [Description("Who answers for it.")]
    public string Owner { get; init; } = "";

    [Description("What it is for, in words.")]
    public string Purpose { get; init; } = "";

    [Description("Agents that do the same work share one.")]
    public string PeerGroup { get; init; } = "";

    [Description("What it may do, as globs; an empty list leaves that side open. Null: nothing is declared.")]
    public AgentScope? Scope { get; init; }

    [Description("What it costs when it stands still.")]
    public Criticality Criticality { get; init; } = Criticality.Medium;

    [Description("Credentials that are its own, as ids in telemetry name them.")]
    public IReadOnlyList<string> Credentials { get; init; } = [];

    [Description("Never suspended by automation, and by people only when two agree.")]
    public bool Protected { get; init; }

    [Description("The agent that does its work while it is suspended, or null.")]
    public string? Substitute { get; init; }

    [Description("Why. It stands in the journal and the audit beside your name.")]
    public required string Reason { get; init; }

    public RegisteredAgent ToAgent(string id) => new(id)
    {
        Owner = Owner,
        Purpose = Purpose,
        PeerGroup = PeerGroup,
        Scope = Scope,
        Criticality = Criticality,
        Credentials = Credentials,
        IsProtected = Protected,
        Substitute = string.IsNullOrEmpty(Substitute) ? null : Substitute,
    };
}
