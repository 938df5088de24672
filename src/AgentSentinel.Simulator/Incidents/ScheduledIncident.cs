namespace AgentSentinel.Simulator.Incidents;

/// <summary>A planned incident with what is needed to play it.</summary>
/// <param name="Ordinal">Position in planning order; incidents and benign disturbances are counted apart.</param>
/// <param name="Planned">The truth about it.</param>
/// <param name="Script">What happens.</param>
/// <param name="Agent">To whom.</param>
/// <param name="Partner">Who else takes part; null when nobody does.</param>
/// <param name="Period">When.</param>
internal sealed record ScheduledIncident(
    int Ordinal, PlannedIncident Planned, IIncidentScript Script, SimulatedAgent Agent, SimulatedAgent? Partner, Period Period);
