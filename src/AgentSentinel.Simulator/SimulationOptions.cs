using System.ComponentModel;
using AgentSentinel.Simulator.Habits;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Simulator;

/// <summary>What to simulate. The same options give the same calls, byte for byte.</summary>
public sealed record SimulationOptions
{
    /// <summary>Seed of everything random.</summary>
    [Description("Seed of everything random: the same seed gives the same fleet, incidents and calls.")]
    public int Seed { get; init; } = 1;

    /// <summary>Number of agents in the fleet, 1 to 100,000.</summary>
    [Description("Number of agents in the fleet, 1 to 100000.")]
    public int Agents { get; init; } = 40;

    /// <summary>First moment of the simulation; its UTC offset is the fleet's wall clock. The default is a Monday.</summary>
    [Description("First moment of the simulation. Its UTC offset is the wall clock by which the agents keep their hours.")]
    public DateTimeOffset Start { get; init; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Length of the simulation, one minute to ten years.</summary>
    [Description("Length of the simulation, one minute to ten years.")]
    public TimeSpan Duration { get; init; } = TimeSpan.FromDays(21);

    /// <summary>No incident begins before the start plus this: the time detectors have for learning.</summary>
    [Description("Time from the start in which no incident begins, for learning.")]
    public TimeSpan QuietFor { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Number of incidents, spread over the kinds in turn and over distinct agents as far as possible.</summary>
    [Description("Number of incidents, spread over the kinds in turn and over distinct agents as far as possible.")]
    public int Incidents { get; init; } = 6;

    /// <summary>Kinds of agents that the fleet consists of, in turn; empty for the usual mix of all.</summary>
    [Description("Kinds of agents that the fleet consists of, in turn; empty for the usual mix.")]
    public IReadOnlyList<Habit> Kinds { get; init; } = [];

    /// <summary>Kinds of incidents to plan, in turn; empty for all that can be seen in the telemetry asked for.</summary>
    [Description("Kinds of incidents to plan, in turn; empty for all that can be seen in the telemetry asked for.")]
    public IReadOnlyList<IncidentKind> IncidentKinds { get; init; } = [];

    /// <summary>Number of benign disturbances, which must not alarm anybody, spread like incidents; from the start.</summary>
    [Description("Number of benign disturbances, which must not alarm anybody, spread like incidents; also while detectors learn.")]
    public int Disturbances { get; init; }

    /// <summary>Kinds of benign disturbances to plan, in turn; empty for all.</summary>
    [Description("Kinds of benign disturbances to plan, in turn; empty for all.")]
    public IReadOnlyList<IncidentKind> DisturbanceKinds { get; init; } = [];

    /// <summary>Dates of the fleet's wall clock on which people do not work.</summary>
    [Description("Public holidays: dates on which people do not work.")]
    public IReadOnlyList<DateOnly> Holidays { get; init; } = [];

    /// <summary>Whether events carry arguments, results and requests' content.</summary>
    [Description("Whether events carry arguments, results and the content of requests.")]
    public bool Content { get; init; }

    /// <summary>Everything that is wrong with these options, one sentence each; empty when they can be simulated.</summary>
    public IReadOnlyList<string> Errors()
    {
        List<string> errors = [];
        if (Agents is < 1 or > 100_000)
        {
            errors.Add($"Agents must be 1 to 100000, not {Agents}.");
        }

        if (Duration < TimeSpan.FromMinutes(1) || Duration > TimeSpan.FromDays(3660))
        {
            errors.Add($"Duration must be one minute to ten years, not {Duration}.");
        }
        else if (Start.UtcDateTime.Year < 2000 || Start.UtcDateTime.Year > 9000)
        {
            errors.Add($"Start must lie in the years 2000 to 9000, not {Start.UtcDateTime.Year}.");
        }

        if (QuietFor < TimeSpan.Zero)
        {
            errors.Add($"QuietFor must not be negative, not {QuietFor}.");
        }

        if (Incidents < 0)
        {
            errors.Add($"Incidents must not be negative, not {Incidents}.");
        }
        else if (Incidents > 0 && QuietFor >= Duration)
        {
            errors.Add($"QuietFor ({QuietFor}) leaves no room for incidents in Duration ({Duration}).");
        }

        if (Disturbances < 0)
        {
            errors.Add($"Disturbances must not be negative, not {Disturbances}.");
        }

        errors.AddRange(from kind in IncidentKinds.Distinct()
                        where IncidentCatalogue.Of(kind).IsBenign
                        select $"{IncidentCatalogue.Of(kind).Name} is benign: it belongs to DisturbanceKinds.");
        errors.AddRange(from kind in DisturbanceKinds.Distinct()
                        where !IncidentCatalogue.Of(kind).IsBenign
                        select $"{IncidentCatalogue.Of(kind).Name} is not benign: it belongs to IncidentKinds.");
        errors.AddRange(from kind in IncidentKinds.Distinct()
                        where IncidentCatalogue.Of(kind).NeedsContent && !Content
                        select $"{IncidentCatalogue.Of(kind).Name} shows in content only: ask for Content.");
        return errors;
    }
}
