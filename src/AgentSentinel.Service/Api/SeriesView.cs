using AgentSentinel.Service.History;

namespace AgentSentinel.Service.Api;

/// <summary>Points of a series, as the API shows them.</summary>
/// <param name="Resolution">How many minutes a point gathers.</param>
/// <param name="Points">The points, in order of time.</param>
internal sealed record SeriesView(SeriesResolution Resolution, IReadOnlyList<SeriesPoint> Points);
