using System.Globalization;
using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>
/// Chooses agents and periods: kinds in turn, agents with the fewest incidents first, never two incidents of one agent at once.
/// Owned by one simulation while it is made.
/// </summary>
internal sealed class IncidentPlanner
{
    private const int TriesPerAgent = 24;

    // Episodes that touch could not be told apart in an evaluation.
    private const long MarginMs = 2 * Timeline.HourMs;

    private readonly SimulationOptions _options;
    private readonly SimulatedAgent[] _fleet;
    private readonly Timeline _timeline;
    private readonly List<Period>[] _taken;

    public IncidentPlanner(SimulationOptions options, SimulatedAgent[] fleet, Timeline timeline)
    {
        _options = options;
        _fleet = fleet;
        _timeline = timeline;
        _taken = [.. fleet.Select(_ => new List<Period>())];
    }

    /// <summary>What goes wrong.</summary>
    /// <exception cref="ArgumentException">The room is too small for that many incidents.</exception>
    public ScheduledIncident[] PlanIncidents() => Plan(
        _options.Incidents,
        Scripts(_options.IncidentKinds, isBenign: false),
        new Period((long)Math.Ceiling(_options.QuietFor.TotalMilliseconds), _timeline.EndMs),
        RandomStream.Plan,
        "incident",
        "incidents");

    /// <summary>What only looks wrong: also while detectors are still learning.</summary>
    /// <exception cref="ArgumentException">The room is too small for that many disturbances.</exception>
    public ScheduledIncident[] PlanDisturbances() => Plan(
        _options.Disturbances,
        Scripts(_options.DisturbanceKinds, isBenign: true),
        new Period(0, _timeline.EndMs),
        RandomStream.DisturbancePlan,
        "disturbance",
        "disturbances");

    private IIncidentScript[] Scripts(IReadOnlyList<IncidentKind> chosen, bool isBenign) => chosen.Count > 0
        ? [.. chosen.Select(IncidentCatalogue.Of)]
        : [.. IncidentCatalogue.All.Where(script => script.IsBenign == isBenign && (_options.Content || !script.NeedsContent))];

    private ScheduledIncident[] Plan(int count, IIncidentScript[] scripts, Period room, int stream, string stem, string plural)
    {
        ScheduledIncident[] incidents = new ScheduledIncident[count];
        int turn = 0;
        for (int ordinal = 0; ordinal < incidents.Length; ordinal++)
        {
            SeededRandom random = new(_options.Seed, stream, ordinal);
            string id = string.Create(CultureInfo.InvariantCulture, $"{stem}-{ordinal + 1:d3}");
            ScheduledIncident? scheduled = null;

            // A kind that suits no agent of this fleet, or does not fit, gives its turn to the next one.
            for (int tried = 0; scheduled is null && tried < scripts.Length; tried++)
            {
                scheduled = Place(ordinal, id, scripts[turn++ % scripts.Length], room, random);
            }

            incidents[ordinal] = scheduled ?? throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"There is room for {ordinal} {plural}, not for {count}: lengthen Duration, shorten QuietFor, add agents or choose other kinds."));
            _taken[scheduled.Agent.Ordinal].Add(scheduled.Period);
            if (scheduled.Partner is SimulatedAgent partner)
            {
                _taken[partner.Ordinal].Add(scheduled.Period);
            }
        }

        return incidents;
    }

    private ScheduledIncident? Place(int ordinal, string id, IIncidentScript script, Period room, SeededRandom random)
    {
        SimulatedAgent[] candidates = [.. _fleet.Where(script.Suits)];
        random.Shuffle<SimulatedAgent>(candidates);
        foreach (SimulatedAgent agent in candidates.OrderBy(agent => _taken[agent.Ordinal].Count))
        {
            for (int i = 0; i < TriesPerAgent; i++)
            {
                if (script.Place(agent, room, _timeline, random) is not Period period || !IsFree(agent, period))
                {
                    continue;
                }

                SimulatedAgent? partner = script.NeedsPartner ? Partner(agent, period, random) : null;
                if (script.NeedsPartner && partner is null)
                {
                    continue;
                }

                PlannedIncident planned = new(
                    id, agent.Id, script.Kind, script.Name, _timeline.At(period.StartMs), _timeline.At(period.EndMs), partner?.Id, script.IsBenign);
                return new ScheduledIncident(ordinal, planned, script, agent, partner, period);
            }
        }

        return null;
    }

    // Somebody who is at work too: a credential that nobody else uses at the time is not shared, but stolen.
    private SimulatedAgent? Partner(SimulatedAgent agent, Period period, SeededRandom random)
    {
        for (int i = 0; i < TriesPerAgent; i++)
        {
            SimulatedAgent other = random.Pick(_fleet);
            if (other != agent && Placement.IsActive(other, period.StartMs, 0.3, _timeline) && IsFree(other, period))
            {
                return other;
            }
        }

        return null;
    }

    private bool IsFree(SimulatedAgent agent, Period period)
    {
        Period withMargin = new(period.StartMs - MarginMs, period.EndMs + MarginMs);
        return !_taken[agent.Ordinal].Exists(withMargin.Overlaps);
    }
}
