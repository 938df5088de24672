using AgentSentinel.Simulator.Fleets;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Simulator;

/// <summary>
/// A labelled synthetic fleet: its agents, what happens to them, and all their calls in order of arrival.
/// A pure function of its options; immutable, so several threads may enumerate it at once, each on its own.
/// </summary>
public sealed class Simulation
{
    private readonly SimulatedAgent[] _agents;
    private readonly ScheduledIncident[][] _incidentsOfAgent;
    private readonly Timeline _timeline;
    private readonly int _seed;

    /// <summary>Draws the fleet and plans the incidents; generates no calls yet.</summary>
    /// <exception cref="ArgumentException">The options are invalid, all errors listed; or there is no room for the incidents.</exception>
    public Simulation(SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> errors = options.Errors();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }

        Options = options;
        _seed = options.Seed;
        _timeline = new Timeline(options.Start, (long)options.Duration.TotalMilliseconds) { Holidays = options.Holidays.ToHashSet() };
        _agents = FleetBuilder.Build(options, _timeline);
        IncidentPlanner planner = new(options, _agents, _timeline);
        ScheduledIncident[] incidents = planner.PlanIncidents();
        ScheduledIncident[] disturbances = planner.PlanDisturbances();
        Incidents = [.. incidents.Select(incident => incident.Planned)];
        Disturbances = [.. disturbances.Select(disturbance => disturbance.Planned)];
        ILookup<int, ScheduledIncident> byAgent = incidents.Concat(disturbances).ToLookup(incident => incident.Agent.Ordinal);
        _incidentsOfAgent = [.. _agents.Select(agent => byAgent[agent.Ordinal].ToArray())];
    }

    /// <summary>What is simulated.</summary>
    public SimulationOptions Options { get; }

    /// <summary>The fleet.</summary>
    public IReadOnlyList<SimulatedAgent> Agents => _agents;

    /// <summary>Datasets whose loss would hurt, whether or not an agent of this fleet uses them: what the company would label so.</summary>
    public static IReadOnlyList<string> SensitiveDatasets { get; } = [.. PurposeCatalogue.All.SelectMany(purpose => purpose.SensitiveDatasets).Distinct()];

    /// <summary>The truth, in planning order.</summary>
    public IReadOnlyList<PlannedIncident> Incidents { get; }

    /// <summary>What only looks like trouble, in planning order.</summary>
    public IReadOnlyList<PlannedIncident> Disturbances { get; }

    /// <summary>
    /// All events in order of arrival, which is that of event time where nothing is held back, ties in order of agents; lazily, with memory for each agent's open sessions only. Every enumeration gives the same.
    /// </summary>
    public IEnumerable<SimulatedCall> Calls()
    {
        AgentStream[] streams = [.. _agents.Select(agent => new AgentStream(agent, _seed, _timeline, _incidentsOfAgent[agent.Ordinal]))];
        try
        {
            PriorityQueue<AgentStream, Turn> queue = new(streams.Length);
            foreach (AgentStream stream in streams)
            {
                if (stream.MoveNext())
                {
                    queue.Enqueue(stream, TurnOf(stream));
                }
            }

            while (queue.TryPeek(out AgentStream? next, out _))
            {
                yield return next.Current;
                if (next.MoveNext())
                {
                    queue.DequeueEnqueue(next, TurnOf(next));
                }
                else
                {
                    queue.Dequeue();
                }
            }
        }
        finally
        {
            foreach (AgentStream stream in streams)
            {
                stream.Dispose();
            }
        }
    }

    private static Turn TurnOf(AgentStream stream) => new(stream.ArrivalTicks, stream.Current.AgentOrdinal);

    private readonly record struct Turn(long Ticks, int AgentOrdinal) : IComparable<Turn>
    {
        public int CompareTo(Turn other)
        {
            int byTime = Ticks.CompareTo(other.Ticks);
            return byTime != 0 ? byTime : AgentOrdinal.CompareTo(other.AgentOrdinal);
        }
    }
}
