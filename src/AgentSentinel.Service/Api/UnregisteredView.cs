using System.ComponentModel;

namespace AgentSentinel.Service.Api;

/// <summary>An agent that acts and is not registered, as it goes out.</summary>
internal sealed record UnregisteredView(
    string Id,
    DateTimeOffset FirstSeen,
    [property: Description("When it was last told of: days apart, not calls.")] DateTimeOffset LastSeen,
    [property: Description("The registered agent that its id could be mistaken for, or null.")] string? MistakableFor);
