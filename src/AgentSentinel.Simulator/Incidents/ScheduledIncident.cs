namespace AgentSentinel.Simulator.Incidents;

/// <summary>A planned incident with what is needed to play it.</summary>
internal sealed record ScheduledIncident(int Ordinal, PlannedIncident Planned, IIncidentScript Script, SimulatedAgent Agent, Period Period);
