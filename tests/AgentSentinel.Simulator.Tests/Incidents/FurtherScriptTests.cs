using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Habits;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Simulator.Tests.Incidents;

/// <summary>Incidents that change what an agent does rather than how much, and slow ones; each seen in the calls alone.</summary>
public sealed class FurtherScriptTests
{
    private static readonly Simulation Simulation = new(new SimulationOptions
    {
        Agents = 36,
        Kinds = [Habit.Diurnal, Habit.OfficeHours, Habit.Steady],
        Duration = TimeSpan.FromDays(14),
        QuietFor = TimeSpan.FromDays(7),
        Incidents = 24,
        Content = true,
        IncidentKinds =
        [
            IncidentKind.BurstX3, IncidentKind.Drift, IncidentKind.ToolMix, IncidentKind.FanOut,
            IncidentKind.DataMixing, IncidentKind.SharedCredential, IncidentKind.WriteFanOut, IncidentKind.SecretLeak,
        ],
    });

    private static readonly ILookup<string, SimulatedCall> CallsOf = Simulation.Calls().ToLookup(call => call.AgentId);

    [Fact]
    public void Every_kind_happens_and_shows()
    {
        Assert.All(Simulation.Options.IncidentKinds, kind => Assert.Equal(3, Incidents(kind).Count));
        Assert.All(Simulation.Incidents, incident => Assert.NotEmpty(Attack(incident)));
    }

    [Fact]
    public void A_triple_burst_adds_twice_the_usual_rate()
    {
        Assert.All(Incidents(IncidentKind.BurstX3), incident =>
            Assert.InRange(Added(incident) / Usual(incident), 1.2, 60));
    }

    [Fact]
    public void A_drift_adds_half_the_usual_rate_for_six_hours()
    {
        // Sessions differ in size: half as many sessions are half as many calls only on average.
        Assert.All(Incidents(IncidentKind.Drift), incident => Assert.Equal(6, (incident.End - incident.Start).TotalHours));
        Assert.InRange(Incidents(IncidentKind.Drift).Average(incident => Added(incident) / Usual(incident)), 0.25, 1);
    }

    [Fact]
    public void A_changed_tool_mix_turns_rare_tools_into_common_ones_and_keeps_the_volume()
    {
        Assert.All(Incidents(IncidentKind.ToolMix), incident =>
        {
            SimulatedCall[] during = [.. During(incident).Where(call => call.Tool is not null)];
            HashSet<string> switched = [.. Attack(incident).Select(call => call.Tool!.Name)];
            SimulatedCall[] before = [.. CallsOf[incident.AgentId].Where(call => call.Tool is not null && call.Time < incident.Start)];

            Assert.InRange(switched.Count, 1, 2);
            Assert.InRange(during.Count(call => switched.Contains(call.Tool!.Name)) / (double)during.Length, 0.6, 1);
            Assert.InRange(before.Count(call => switched.Contains(call.Tool!.Name)) / (double)before.Length, 0, 0.45);
            Assert.InRange(During(incident).Length / Usual(incident), 0.3, 2.5);
        });
    }

    [Fact]
    public void A_fan_out_reads_hardly_any_dataset_twice()
    {
        Assert.All(Incidents(IncidentKind.FanOut), incident =>
        {
            string[] read = [.. Attack(incident).SelectMany(call => call.Resources)];
            Assert.InRange(read.Distinct().Count() / (double)read.Length, 0.9, 1);
            Assert.InRange(During(incident).Length / Usual(incident), 0.3, 2.5);
        });
    }

    [Fact]
    public void Data_mixing_passes_on_in_the_session_that_read_sensitive_data()
    {
        Assert.All(Incidents(IncidentKind.DataMixing), incident =>
        {
            HashSet<string> sensitive = [.. SensitiveOf(incident.AgentId)];
            Assert.All(Attack(incident), leak =>
            {
                Assert.Contains(leak.Tool!.Action, new[] { ToolAction.Write, ToolAction.Send });
                Assert.Contains(CallsOf[incident.AgentId], read => read.SessionId == leak.SessionId && read.Time <= leak.Time && read.Resources.Any(sensitive.Contains));
                Assert.DoesNotContain(leak.Resources, sensitive.Contains);
            });
        });
    }

    [Fact]
    public void Nobody_else_passes_on_what_it_read_in_sensitive_data_except_those_whose_job_it_is()
    {
        foreach (SimulatedAgent agent in Simulation.Agents.Where(agent => !agent.Design.MixesData))
        {
            HashSet<string> sensitive = [.. SensitiveOf(agent.Id)];
            HashSet<string> holding = [];
            foreach (SimulatedCall call in CallsOf[agent.Id].Where(call => call.Incident is null))
            {
                if (call.Tool?.Action is ToolAction.Write or ToolAction.Send)
                {
                    Assert.DoesNotContain(call.SessionId, holding);
                }

                if (call.Resources.Any(sensitive.Contains))
                {
                    holding.Add(call.SessionId);
                }
            }
        }
    }

    [Fact]
    public void A_shared_credential_is_used_by_two_agents_at_the_same_time_and_otherwise_by_one()
    {
        Assert.All(Incidents(IncidentKind.SharedCredential), incident =>
        {
            string lent = Simulation.Agents.Single(agent => agent.Id == incident.PartnerId).CredentialId;
            Assert.All(During(incident), call => Assert.Equal(lent, call.CredentialId));
        });
        HashSet<string> borrowers = [.. Incidents(IncidentKind.SharedCredential).Select(incident => incident.AgentId)];
        Assert.All(Simulation.Agents.Where(agent => !borrowers.Contains(agent.Id)), agent =>
            Assert.All(CallsOf[agent.Id], call => Assert.Equal(agent.CredentialId, call.CredentialId)));
    }

    [Fact]
    public void A_write_fan_out_touches_dozens_of_resources_within_seconds()
    {
        Assert.All(Incidents(IncidentKind.WriteFanOut), incident =>
        {
            SimulatedCall[] attack = Attack(incident);
            Assert.InRange((incident.End - incident.Start).TotalSeconds, 5, 25);
            Assert.Single(attack.Select(call => call.Tool!.Name).Distinct());
            Assert.Equal(attack.Length, attack.Select(call => call.Resources[0]).Distinct().Count());
            Assert.InRange(attack.Length, 30, 400);
        });
    }

    [Fact]
    public void Secrets_stand_in_the_calls_of_leaks_and_nowhere_else()
    {
        Assert.All(Incidents(IncidentKind.SecretLeak), incident => Assert.All(Attack(incident), call => Assert.NotNull(call.Secret)));
        Assert.All(CallsOf.SelectMany(calls => calls).Where(call => call.Secret is not null), call => Assert.Equal(IncidentKind.SecretLeak, call.Incident?.Kind));
    }

    private static IReadOnlyList<PlannedIncident> Incidents(IncidentKind kind) => [.. Simulation.Incidents.Where(incident => incident.Kind == kind)];

    private static SimulatedCall[] During(PlannedIncident incident) =>
        [.. CallsOf[incident.AgentId].Where(call => call.Time >= incident.Start && call.Time <= incident.End)];

    private static SimulatedCall[] Attack(PlannedIncident incident) => [.. CallsOf[incident.AgentId].Where(call => call.Incident == incident && call.IsAttackCall)];

    private static double Added(PlannedIncident incident) => During(incident).Count(call => call.Incident is not null);

    private static double Usual(PlannedIncident incident)
    {
        SimulatedAgent agent = Simulation.Agents.Single(agent => agent.Id == incident.AgentId);
        double minutes = (incident.End - incident.Start).TotalMinutes;
        return Enumerable.Range(0, (int)minutes).Sum(minute => agent.EventsPerHour(incident.Start.DateTime.AddMinutes(minute)) / 60);
    }

    private static IReadOnlyList<string> SensitiveOf(string agentId) => Simulation.Agents.Single(agent => agent.Id == agentId).Design.Purpose.SensitiveDatasets;
}
