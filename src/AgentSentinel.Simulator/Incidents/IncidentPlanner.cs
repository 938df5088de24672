using System.Globalization;
using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>Chooses agents and periods: kinds in turn, agents with the fewest incidents first, never two incidents of one agent at once.</summary>
internal static class IncidentPlanner
{
    private const int TriesPerAgent = 24;

    // Episodes that touch could not be told apart in an evaluation.
    private const long MarginMs = 2 * Timeline.HourMs;

    /// <exception cref="ArgumentException">The room is too small for that many incidents.</exception>
    public static ScheduledIncident[] Plan(SimulationOptions options, SimulatedAgent[] fleet, Timeline timeline)
    {
        Period room = new((long)Math.Ceiling(options.QuietFor.TotalMilliseconds), timeline.EndMs);
        List<Period>[] taken = [.. fleet.Select(_ => new List<Period>())];
        ScheduledIncident[] incidents = new ScheduledIncident[options.Incidents];
        int turn = 0;
        for (int ordinal = 0; ordinal < incidents.Length; ordinal++)
        {
            SeededRandom random = new(options.Seed, RandomStream.Plan, ordinal);
            ScheduledIncident? scheduled = null;

            // A kind that suits no agent of this fleet, or does not fit, gives its turn to the next one.
            for (int tried = 0; scheduled is null && tried < IncidentCatalogue.All.Count; tried++)
            {
                scheduled = Place(ordinal, IncidentCatalogue.All[turn++ % IncidentCatalogue.All.Count], fleet, taken, room, timeline, random);
            }

            incidents[ordinal] = scheduled ?? throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"There is room for {ordinal} incidents, not for {options.Incidents}: lengthen Duration, shorten QuietFor or add agents."),
                nameof(options));
            taken[scheduled.Agent.Ordinal].Add(scheduled.Period);
        }

        return incidents;
    }

    private static ScheduledIncident? Place(
        int ordinal, IIncidentScript script, SimulatedAgent[] fleet, List<Period>[] taken, Period room, Timeline timeline, SeededRandom random)
    {
        SimulatedAgent[] candidates = [.. fleet.Where(script.Suits)];
        random.Shuffle<SimulatedAgent>(candidates);
        foreach (SimulatedAgent agent in candidates.OrderBy(agent => taken[agent.Ordinal].Count))
        {
            for (int i = 0; i < TriesPerAgent; i++)
            {
                if (script.Place(agent, room, timeline, random) is Period period && IsFree(period, taken[agent.Ordinal]))
                {
                    PlannedIncident planned = new(
                        string.Create(CultureInfo.InvariantCulture, $"incident-{ordinal + 1:d3}"),
                        agent.Id,
                        script.Kind,
                        script.Name,
                        timeline.At(period.StartMs),
                        timeline.At(period.EndMs));
                    return new ScheduledIncident(ordinal, planned, script, agent, period);
                }
            }
        }

        return null;
    }

    private static bool IsFree(Period period, List<Period> taken)
    {
        Period withMargin = new(period.StartMs - MarginMs, period.EndMs + MarginMs);
        return !taken.Exists(withMargin.Overlaps);
    }
}
