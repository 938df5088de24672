using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Simulator.Tests.Incidents;

public sealed class IncidentPlannerTests
{
    private static readonly Simulation Simulation = SomeSimulation.WithIncidents;

    [Fact]
    public void As_many_incidents_as_asked_for_are_spread_over_the_kinds()
    {
        Assert.Equal(24, Simulation.Incidents.Count);
        Assert.All(SomeSimulation.FirstKinds, kind => Assert.Equal(4, Simulation.Incidents.Count(incident => incident.Kind == kind)));
        Assert.Equal(24, Simulation.Incidents.Select(incident => incident.Id).Distinct().Count());
    }

    [Fact]
    public void Distinct_agents_come_first()
    {
        Assert.Equal(24, Simulation.Incidents.Select(incident => incident.AgentId).Distinct().Count());
    }

    [Fact]
    public void No_incident_begins_before_the_quiet_time_is_over_or_ends_after_the_end()
    {
        SimulationOptions options = Simulation.Options;
        Assert.All(Simulation.Incidents, incident =>
        {
            Assert.True(incident.Start >= options.Start + options.QuietFor);
            Assert.True(incident.End > incident.Start);
            Assert.True(incident.End <= options.Start + options.Duration);
        });
    }

    [Fact]
    public void An_incidents_calls_lie_inside_it_and_belong_to_its_agent()
    {
        foreach (SimulatedCall call in Simulation.Calls().Where(call => call.Incident is not null))
        {
            Assert.Equal(call.Incident!.AgentId, call.AgentId);
            Assert.InRange(call.Time, call.Incident.Start, call.Incident.End);
        }
    }

    [Fact]
    public void Every_incident_shows_and_attack_calls_are_tool_calls_of_incidents()
    {
        HashSet<PlannedIncident> seen = [];
        foreach (SimulatedCall call in Simulation.Calls().Where(call => call.IsAttackCall))
        {
            Assert.Equal(CallKind.ToolCall, call.Kind);
            seen.Add(call.Incident!);
        }

        Assert.Equal([.. Simulation.Incidents.OrderBy(incident => incident.Id)], seen.OrderBy(incident => incident.Id));
    }

    [Fact]
    public void Incidents_of_one_agent_never_overlap()
    {
        Simulation crowded = new(SomeSimulation.Options with { Agents = 4, Incidents = 18 });

        foreach (IGrouping<string, PlannedIncident> incidents in crowded.Incidents.GroupBy(incident => incident.AgentId))
        {
            PlannedIncident[] ordered = [.. incidents.OrderBy(incident => incident.Start)];
            Assert.All(ordered.Skip(1).Zip(ordered), pair => Assert.True(pair.First.Start > pair.Second.End));
        }
    }

    [Fact]
    public void A_kind_that_suits_nobody_gives_its_turn_to_the_next()
    {
        // Two hours of a Monday morning: no night to work in, no many hours to leak in.
        Simulation morning = new(new SimulationOptions
        {
            Start = new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.Zero),
            Duration = TimeSpan.FromHours(4),
            QuietFor = TimeSpan.FromHours(2),
            Incidents = 8,
        });

        Assert.Equal(8, morning.Incidents.Count);
        Assert.DoesNotContain(morning.Incidents, incident => incident.Kind is IncidentKind.OffHours or IncidentKind.SlowExfiltration);
    }

    [Fact]
    public void More_incidents_than_there_is_room_for_are_refused()
    {
        SimulationOptions options = new()
        {
            Agents = 1,
            Start = new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.Zero),
            Duration = TimeSpan.FromHours(4),
            QuietFor = TimeSpan.FromHours(3),
            Incidents = 50,
        };

        Assert.Throws<ArgumentException>(() => new Simulation(options));
    }
}
