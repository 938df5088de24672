using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Habits;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Simulator.Tests.Incidents;

/// <summary>Each kind does what its name says, seen in the calls alone.</summary>
public sealed class IncidentScriptTests
{
    private static readonly Simulation Simulation = SomeSimulation.WithIncidents;

    // Everything the agent did during the incident, its own business included.
    private static readonly Dictionary<string, SimulatedCall[]> During = Collect();

    private static readonly Dictionary<string, SimulatedCall[]> Before = Simulation.Calls()
        .Where(call => call.Time < Simulation.Options.Start + Simulation.Options.QuietFor)
        .GroupBy(call => call.AgentId)
        .ToDictionary(calls => calls.Key, calls => calls.ToArray());

    public static TheoryData<string> Bursts => IncidentsOf(IncidentKind.BurstX10);

    public static TheoryData<string> SlowExfiltrations => IncidentsOf(IncidentKind.SlowExfiltration);

    public static TheoryData<string> UnfamiliarDatasets => IncidentsOf(IncidentKind.UnfamiliarDataset);

    public static TheoryData<string> OffHours => IncidentsOf(IncidentKind.OffHours);

    public static TheoryData<string> RunawayLoops => IncidentsOf(IncidentKind.RunawayLoop);

    public static TheoryData<string> BulkReads => IncidentsOf(IncidentKind.BulkRead);

    [Theory]
    [MemberData(nameof(Bursts))]
    public void A_burst_is_at_least_five_times_the_agents_usual_rate_at_that_hour(string id)
    {
        (PlannedIncident incident, SimulatedAgent agent) = Find(id);
        double hours = (incident.End - incident.Start).TotalHours;
        double usual = agent.EventsPerHour(incident.Start.DateTime) * hours;

        Assert.InRange(hours * 60, 10, 40);
        Assert.InRange(During[id].Count(call => call.Incident is not null) / usual, 5, 10_000);
        Assert.InRange(During[id].Length, 25, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(SlowExfiltrations))]
    public void A_slow_exfiltration_reads_sensitive_data_and_sends_to_somebody_new(string id)
    {
        (PlannedIncident incident, SimulatedAgent agent) = Find(id);
        SimulatedCall[] attack = Attack(id);
        SimulatedCall[] sends = [.. attack.Where(call => call.Tool!.Action == ToolAction.Send)];

        Assert.InRange((incident.End - incident.Start).TotalHours, 8, 36);
        Assert.NotEmpty(sends);
        Assert.Single(sends.SelectMany(call => call.Resources).Distinct());
        Assert.DoesNotContain(agent.Recipients, recipient => sends[0].Resources.Contains(recipient.Name));
        Assert.InRange(attack.Length - sends.Length, 2, 200);
        Assert.InRange(attack.Length / (incident.End - incident.Start).TotalHours, 0.2, 6);
        Assert.Contains(During[id], call => call.Incident is null);
    }

    [Theory]
    [MemberData(nameof(UnfamiliarDatasets))]
    public void Unfamiliar_datasets_are_read_within_minutes_by_a_usual_and_a_new_tool(string id)
    {
        (PlannedIncident incident, SimulatedAgent agent) = Find(id);
        SimulatedCall[] attack = Attack(id);
        string[] datasets = [.. attack.SelectMany(call => call.Resources)];

        Assert.InRange((incident.End - incident.Start).TotalMinutes, 3, 12);
        Assert.InRange(datasets.Length, 4, 8);
        Assert.Equal(datasets.Length, datasets.Distinct().Count());
        Assert.Empty(datasets.Intersect(agent.Datasets.Select(dataset => dataset.Name)));
        Assert.Contains(attack, call => agent.Tools.Any(tool => tool.Name == call.Tool!.Name));
        Assert.Single(attack.Select(call => call.Tool!.Name).Distinct(), name => agent.Tools.All(tool => tool.Name != name));
    }

    [Theory]
    [MemberData(nameof(OffHours))]
    public void An_office_worker_at_night_works_at_its_daytime_rate(string id)
    {
        (PlannedIncident incident, SimulatedAgent agent) = Find(id);
        double hours = (incident.End - incident.Start).TotalHours;
        int nightEvents = During[id].Count(call => call.Incident is not null);

        Assert.Equal(Habit.OfficeHours, agent.Habit);
        Assert.All(During[id], call => Assert.InRange(call.Time.TimeOfDay.TotalHours, 2, 4));
        Assert.InRange(nightEvents / (agent.PeakEventsPerHour * hours), 0.4, 2.5);
        Assert.InRange(nightEvents / (agent.EventsPerHour(incident.Start.DateTime) * hours), 20, 10_000);
    }

    [Theory]
    [MemberData(nameof(RunawayLoops))]
    public void A_runaway_loop_repeats_one_call_and_mostly_fails_while_other_work_stands_still(string id)
    {
        SimulatedCall[] attack = Attack(id);

        Assert.Single(attack.Select(call => (call.Tool!.Name, string.Join(' ', call.Resources), call.RequestBytes)).Distinct());
        Assert.All(attack.Skip(1).Zip(attack), pair => Assert.InRange((pair.First.Time - pair.Second.Time).TotalSeconds, 0.2, 2));
        Assert.InRange(attack.Count(call => call.Status == CallStatus.Error) / (double)attack.Length, 0.4, 1);
        Assert.InRange(attack.Length, 90, 6_000);
        Assert.All(During[id], call => Assert.NotNull(call.Incident));
    }

    [Theory]
    [MemberData(nameof(BulkReads))]
    public void A_bulk_read_is_few_calls_of_many_times_the_usual_size(string id)
    {
        SimulatedCall[] attack = [.. Attack(id).Where(call => call.Status == CallStatus.Ok)];
        SimulatedTool tool = attack[0].Tool!;
        SimulatedCall[] usual = [.. Before[Find(id).Incident.AgentId].Where(call => call.Tool?.Name == tool.Name && call.Status == CallStatus.Ok)];

        Assert.InRange(attack.Length, 3, 10);
        Assert.InRange(attack.Average(call => (double)call.Records!) / usual.Average(call => (double)call.Records!), 8, 250);
        Assert.InRange(attack.Average(call => (double)call.ResultBytes!) / usual.Average(call => (double)call.ResultBytes!), 8, 250);
    }

    [Fact]
    public void Only_unfamiliar_reads_and_slow_exfiltration_touch_what_the_agent_does_not_know()
    {
        foreach (SimulatedCall call in Simulation.Calls().Where(call => call.Incident?.Kind is not (null or IncidentKind.UnfamiliarDataset or IncidentKind.SlowExfiltration)))
        {
            SimulatedAgent agent = Simulation.Agents[call.AgentOrdinal];
            Assert.All(call.Resources, name => Assert.Contains(agent.Datasets.Concat(agent.Recipients), resource => resource.Name == name));
        }
    }

    [Fact]
    public void Every_kind_has_one_script_with_a_name_in_snake_case()
    {
        Assert.Equal(Enum.GetValues<IncidentKind>(), IncidentCatalogue.All.Select(script => script.Kind).Order());
        Assert.All(IncidentCatalogue.All, script => Assert.Matches("^[a-z]+(_[a-z0-9]+)*$", script.Name));
    }

    private static Dictionary<string, SimulatedCall[]> Collect()
    {
        // Here every incident has an agent of its own.
        Dictionary<string, PlannedIncident> incidentOf = Simulation.Incidents.ToDictionary(incident => incident.AgentId);
        return Simulation.Calls()
            .Where(call => incidentOf.TryGetValue(call.AgentId, out PlannedIncident? incident) && call.Time >= incident.Start && call.Time <= incident.End)
            .GroupBy(call => incidentOf[call.AgentId].Id)
            .ToDictionary(calls => calls.Key, calls => calls.ToArray());
    }

    private static TheoryData<string> IncidentsOf(IncidentKind kind) =>
        [.. Simulation.Incidents.Where(incident => incident.Kind == kind).Select(incident => incident.Id)];

    private static (PlannedIncident Incident, SimulatedAgent Agent) Find(string id)
    {
        PlannedIncident incident = Simulation.Incidents.Single(incident => incident.Id == id);
        return (incident, Simulation.Agents.Single(agent => agent.Id == incident.AgentId));
    }

    private static SimulatedCall[] Attack(string id) => [.. During[id].Where(call => call.IsAttackCall)];
}
