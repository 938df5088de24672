using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Habits;
using CsCheck;

namespace AgentSentinel.Simulator.Tests;

public sealed class SimulationTests
{
    private static readonly SimulationOptions Small = new()
    {
        Agents = 12,
        Duration = TimeSpan.FromDays(3),
        QuietFor = TimeSpan.FromDays(1),
    };

    [Fact]
    public void The_same_options_give_the_same_bytes()
    {
        Assert.Equal(SomeSimulation.Bytes(Small), SomeSimulation.Bytes(Small));
    }

    [Fact]
    public void Another_seed_gives_other_bytes()
    {
        Assert.NotEqual(SomeSimulation.Bytes(Small), SomeSimulation.Bytes(Small with { Seed = 2 }));
    }

    [Fact]
    public void Enumerating_twice_gives_the_same_calls()
    {
        IEnumerable<SimulatedCall> calls = new Simulation(Small).Calls();

        Assert.Equal(calls.Select(Face), calls.Select(Face));
    }

    [Fact]
    public void Two_enumerations_at_once_do_not_disturb_each_other()
    {
        Simulation simulation = new(Small);

        Assert.All(simulation.Calls().Zip(simulation.Calls()), pair => Assert.Equal(Face(pair.First), Face(pair.Second)));
    }

    [Fact]
    public void Calls_come_in_order_of_time_inside_the_simulation()
    {
        DateTimeOffset last = SomeSimulation.Options.Start;
        foreach (SimulatedCall call in SomeSimulation.WithIncidents.Calls())
        {
            Assert.True(call.Time >= last);
            last = call.Time;
        }

        Assert.True(last <= SomeSimulation.Options.Start + SomeSimulation.Options.Duration);
    }

    [Fact]
    public void Any_options_keep_order_and_bounds()
    {
        Gen<SimulationOptions> options = Gen.Select(
            Gen.Int, Gen.Int[1, 25], Gen.Int[1, 3 * 24 * 60], Gen.Int[-12, 12], Gen.Int[0, 86_399],
            (seed, agents, minutes, offset, second) => new SimulationOptions
            {
                Seed = seed,
                Agents = agents,
                Start = new DateTimeOffset(2026, 3, 6, 0, 0, 0, TimeSpan.FromHours(offset)).AddSeconds(second),
                Duration = TimeSpan.FromMinutes(minutes),
                QuietFor = TimeSpan.Zero,
                Incidents = 0,
            });
        options.Sample(
            some =>
            {
                DateTimeOffset last = some.Start;
                foreach (SimulatedCall call in new Simulation(some).Calls())
                {
                    if (call.Time < last || call.Time > some.Start + some.Duration)
                    {
                        return false;
                    }

                    last = call.Time;
                }

                return true;
            },
            seed: "0000KOIPJJ85",
            iter: 30,
            threads: 1);
    }

    [Fact]
    public void Ids_are_unique_and_short()
    {
        HashSet<string> ids = [];
        foreach (SimulatedCall call in SomeSimulation.WithIncidents.Calls())
        {
            Assert.True(ids.Add(call.Id));
            Assert.InRange(call.Id.Length, 1, 40);
        }
    }

    [Fact]
    public void Calls_are_numbered_without_gaps_whatever_they_belong_to()
    {
        Dictionary<string, long> next = [];
        foreach (SimulatedCall call in SomeSimulation.WithIncidents.Calls())
        {
            long expected = next.GetValueOrDefault(call.AgentId);
            Assert.Equal(expected, call.Sequence);
            next[call.AgentId] = expected + 1;
        }
    }

    [Fact]
    public void Agents_have_ids_and_credentials_of_their_own()
    {
        IReadOnlyList<SimulatedAgent> agents = new Simulation(new SimulationOptions { Agents = 500, Incidents = 0 }).Agents;

        Assert.Equal(500, agents.Select(agent => agent.Id).Distinct().Count());
        Assert.Equal(500, agents.Select(agent => agent.CredentialId).Distinct().Count());
    }

    [Fact]
    public void A_fleet_of_four_knows_the_commonest_habits_and_one_of_forty_knows_all()
    {
        IReadOnlyList<SimulatedAgent> agents = new Simulation(new SimulationOptions { Agents = 40, Incidents = 0 }).Agents;

        Assert.Equal([Habit.OfficeHours, Habit.Diurnal, Habit.CronLike, Habit.Sparse], agents.Take(4).Select(agent => agent.Habit).Order());
        Assert.Equal(Enum.GetValues<Habit>(), agents.Select(agent => agent.Habit).Distinct().Order());
    }

    [Fact]
    public void An_agent_is_the_same_in_a_smaller_fleet()
    {
        SimulationOptions options = Small with { Incidents = 0 };
        string agentId = new Simulation(options).Agents[5].Id;

        Assert.Equal(
            new Simulation(options).Calls().Where(call => call.AgentId == agentId).Select(Face),
            new Simulation(options with { Agents = 6 }).Calls().Where(call => call.AgentId == agentId).Select(Face));
    }

    [Fact]
    public void Incidents_do_not_change_what_other_agents_do()
    {
        Simulation with = new(Small);
        HashSet<string> touched = [.. with.Incidents.Select(incident => incident.AgentId)];

        Assert.Equal(
            new Simulation(Small with { Incidents = 0 }).Calls().Where(call => !touched.Contains(call.AgentId)).Select(Face),
            with.Calls().Where(call => !touched.Contains(call.AgentId)).Select(Face));
    }

    [Fact]
    public void Calls_are_lazy()
    {
        Simulation tenYears = new(new SimulationOptions { Agents = 200, Duration = TimeSpan.FromDays(3650), Incidents = 0 });

        Assert.Equal(1_000, tenYears.Calls().Take(1_000).Count());
    }

    [Fact]
    public void Ordinary_failures_are_few_and_of_the_agents_own_share()
    {
        foreach (SimulatedAgent agent in SomeSimulation.Quiet.Agents)
        {
            Assert.InRange(agent.ErrorRate + agent.DenialRate, 0.002, 0.04);
        }

        foreach (IGrouping<string, SimulatedCall> calls in SomeSimulation.Quiet.Calls().GroupBy(call => call.AgentId))
        {
            SimulatedAgent agent = SomeSimulation.Quiet.Agents.Single(agent => agent.Id == calls.Key);
            double toolCalls = calls.Count(call => call.Kind == CallKind.ToolCall);
            double failed = calls.Count(call => call.Status != CallStatus.Ok);
            double expected = toolCalls * (agent.ErrorRate + agent.DenialRate);
            Assert.InRange(failed, expected - 5 - (5 * Math.Sqrt(expected)), expected + 5 + (5 * Math.Sqrt(expected)));
        }
    }

    [Fact]
    public void Agents_use_only_datasets_they_know_by_then()
    {
        Dictionary<string, Dictionary<string, DateTimeOffset>> known = SomeSimulation.Quiet.Agents.ToDictionary(
            agent => agent.Id,
            agent => agent.Datasets.Concat(agent.Recipients).ToDictionary(resource => resource.Name, resource => resource.KnownFrom));
        foreach (SimulatedCall call in SomeSimulation.Quiet.Calls())
        {
            foreach (string resource in call.Resources)
            {
                Assert.True(call.Time >= known[call.AgentId][resource]);
            }
        }
    }

    [Fact]
    public void Invalid_options_are_refused_with_every_error()
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(
            () => new Simulation(new SimulationOptions { Agents = 0, Duration = TimeSpan.Zero, Incidents = -1 }));

        Assert.Contains("Agents", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Duration", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Incidents", thrown.Message, StringComparison.Ordinal);
    }

    // Lists and agents compare by reference; everything else of a call compares by value.
    private static (SimulatedCall Call, string Resources) Face(SimulatedCall call) =>
        (call with { Resources = [], Tool = null, Error = call.Tool?.Name + call.Error, Agent = SomeSimulation.Quiet.Agents[0] }, $"{call.Id} {string.Join(' ', call.Resources)}");
}
