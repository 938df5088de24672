using AgentSentinel.Service.Live;

namespace AgentSentinel.Service.Api;

/// <summary>Where the response side stands, as the API shows it.</summary>
/// <param name="IsCurrent">Whether the journal was read to its end of late.</param>
/// <param name="Status">The rest.</param>
internal sealed record StatusView(bool IsCurrent, LiveStatus Status);
