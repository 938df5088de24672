namespace AgentSentinel.Simulator.Incidents;

/// <summary>Where kinds of incident are registered; the planner takes them in this order.</summary>
internal static class IncidentCatalogue
{
    public static IReadOnlyList<IIncidentScript> All { get; } =
    [
        BurstScript.TenTimes,
        new SlowExfiltrationScript(),
        new UnfamiliarDatasetScript(),
        new OffHoursScript(),
        new RunawayLoopScript(),
        new BulkReadScript(),
        BurstScript.ThreeTimes,
        new DriftScript(),
        new ToolMixScript(),
        new FanOutScript(),
        new DataMixingScript(),
        new SharedCredentialScript(),
        new WriteFanOutScript(),
        new SecretLeakScript(),
        new CatchUpScript(),
        new LateDeliveryScript(),
        new RetryStormScript(),
        new AnnouncedWorkScript(),
    ];

    public static IIncidentScript Of(IncidentKind kind) => All.First(script => script.Kind == kind);
}
