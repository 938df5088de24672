using AgentSentinel.Simulator.Fleets;
using AgentSentinel.Simulator.Habits;

namespace AgentSentinel.Simulator;

/// <summary>One agent of the fleet: who it is and how it behaves when nothing is wrong. Immutable.</summary>
public sealed class SimulatedAgent
{
    internal SimulatedAgent(AgentDesign design) => Design = design;

    /// <summary>Position in the fleet, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The agent's identity, e.g. <c>crm-assistant-07</c>.</summary>
    public required string Id { get; init; }

    /// <summary>When it works.</summary>
    public required Habit Habit { get; init; }

    /// <summary>What it is for, e.g. <c>crm-assistant</c>; agents of one purpose are peers.</summary>
    public string Purpose => Design.Purpose.Name;

    /// <summary>The team that owns it and its peers.</summary>
    public string PeerGroup => Design.Purpose.PeerGroup;

    /// <summary>Its tools with their weights; the first reads data.</summary>
    public required IReadOnlyList<SimulatedTool> Tools { get; init; }

    /// <summary>Its datasets, most used first, with those it will discover.</summary>
    public IReadOnlyList<SimulatedResource> Datasets => Design.Datasets.Resources;

    /// <summary>Whom it writes to, most frequent first, with those it will get to know.</summary>
    public IReadOnlyList<SimulatedResource> Recipients => Design.Recipients.Resources;

    /// <summary>True for an agent that discovers new datasets in the course of its ordinary work.</summary>
    public required bool IsExplorer { get; init; }

    /// <summary>Its credential.</summary>
    public required string CredentialId { get; init; }

    /// <summary>On whose behalf it acts.</summary>
    public required string Principal { get; init; }

    /// <summary>Tag of prompt, tools and model at the start.</summary>
    public string AgentVersion => Design.Deployments[0].Version;

    /// <summary>Share of its ordinary calls that fail.</summary>
    public required double ErrorRate { get; init; }

    /// <summary>Share of its ordinary calls that are refused.</summary>
    public required double DenialRate { get; init; }

    /// <summary>Its working hours on weekdays, or null when it keeps none.</summary>
    public WorkingHours? Hours => Design.Routine.Hours;

    /// <summary>Expected events (calls and requests) per hour at the busiest time of a week, before anything changes the agent's habit.</summary>
    public double PeakEventsPerHour => Design.Routine.PeakSessionsPerHour * Design.Routine.Shape.MeanEvents;

    internal AgentDesign Design { get; }

    /// <summary>Expected events (calls and requests) per hour at a moment of the fleet's wall clock, without incidents; for a batch its average.</summary>
    public double EventsPerHour(DateTime wallClock) =>
        Design.Routine.SessionsPerHour(wallClock) * Design.Routine.Shape.MeanEvents;
}
