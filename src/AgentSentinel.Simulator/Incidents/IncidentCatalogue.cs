namespace AgentSentinel.Simulator.Incidents;

/// <summary>Where kinds of incident are registered; the planner takes them in this order.</summary>
internal static class IncidentCatalogue
{
    public static IReadOnlyList<IIncidentScript> All { get; } =
    [
        new BurstScript(),
        new SlowExfiltrationScript(),
        new UnfamiliarDatasetScript(),
        new OffHoursScript(),
        new RunawayLoopScript(),
        new BulkReadScript(),
    ];
}
