using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Habits;

namespace AgentSentinel.Simulator.Tests.Habits;

/// <summary>Habits as they show in the calls of a quiet fleet.</summary>
public sealed class RoutineTests
{
    private static readonly Dictionary<string, SimulatedCall[]> CallsOf = SomeSimulation.Quiet.Calls()
        .GroupBy(call => call.AgentId)
        .ToDictionary(calls => calls.Key, calls => calls.ToArray());

    public static TheoryData<string> OfficeWorkers => AgentsOf(Habit.OfficeHours);

    public static TheoryData<string> RoundTheClockAgents => AgentsOf(Habit.Diurnal);

    public static TheoryData<string> Batches => AgentsOf(Habit.CronLike);

    public static TheoryData<string> RareAgents => AgentsOf(Habit.Sparse);

    [Theory]
    [MemberData(nameof(OfficeWorkers))]
    public void An_office_worker_calls_in_its_hours_on_weekdays(string agentId)
    {
        WorkingHours hours = Agent(agentId).Hours!.Value;
        SimulatedCall[] calls = Calls(agentId);

        Assert.InRange(calls.Count(call => hours.Contains(call.Time.DateTime)) / (double)calls.Length, 0.85, 1);
    }

    [Fact]
    public void Office_workers_are_not_quite_silent_outside_their_hours()
    {
        int outside = SomeSimulation.Quiet.Agents
            .Where(agent => agent.Habit == Habit.OfficeHours)
            .Sum(agent => Calls(agent.Id).Count(call => !agent.Hours!.Value.Contains(call.Time.DateTime)));

        Assert.InRange(outside, 100, int.MaxValue);
    }

    [Fact]
    public void Office_hours_are_those_of_the_starts_offset()
    {
        SimulationOptions options = new()
        {
            Agents = 1,
            Start = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.FromHours(9)),
            Incidents = 0,
        };
        Simulation simulation = new(options);
        WorkingHours hours = simulation.Agents[0].Hours!.Value;
        bool[] inHours = [.. simulation.Calls().Select(call => hours.Contains(call.Time.ToOffset(options.Start.Offset).DateTime))];

        Assert.InRange(inHours.Count(isIn => isIn) / (double)inHours.Length, 0.85, 1);
    }

    [Theory]
    [MemberData(nameof(RoundTheClockAgents))]
    public void A_round_the_clock_agent_works_at_night_and_on_every_day(string agentId)
    {
        SimulatedCall[] calls = Calls(agentId);

        Assert.InRange(calls.Count(call => call.Time.Hour < 6) / (double)calls.Length, 0.05, 0.4);
        Assert.Equal(7, calls.Select(call => call.Time.DayOfWeek).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void A_batch_begins_regularly_and_calls_in_a_row(string agentId)
    {
        SimulatedCall[] runs = [.. Calls(agentId).Where(call => call.Kind == CallKind.Request)];
        double[] hoursBetween = [.. runs.Skip(1).Zip(runs, (later, earlier) => (later.Time - earlier.Time).TotalHours)];
        double period = Math.Round(hoursBetween.Order().ElementAt(hoursBetween.Length / 2));

        Assert.InRange(period, 1, 24);

        // Jitter on both ends is below a tenth of an hour; a skipped run doubles the distance.
        Assert.InRange(hoursBetween.Count(hours => Math.Abs(hours - period) < 0.1) / (double)hoursBetween.Length, 0.95, 1);
        Assert.All(Calls(agentId).GroupBy(call => call.SessionId), run => Assert.InRange(run.Count(), 8, 400));
    }

    [Theory]
    [MemberData(nameof(RareAgents))]
    public void A_rare_agent_makes_a_few_calls_on_some_days(string agentId)
    {
        SimulatedCall[] calls = Calls(agentId);
        int activeDays = calls.Select(call => call.Time.Date).Distinct().Count();

        Assert.InRange(activeDays, 1, 22);
        Assert.InRange(calls.Length / (double)activeDays, 1, 25);
    }

    [Fact]
    public void Every_agents_calls_are_as_many_as_its_rate_promises()
    {
        foreach (SimulatedAgent agent in SomeSimulation.Quiet.Agents)
        {
            double expected = 0;
            for (int quarter = 0; quarter < 28 * 24 * 4; quarter++)
            {
                expected += agent.EventsPerHour(SomeSimulation.Quiet.Options.Start.DateTime.AddMinutes(15 * quarter)) / 4;
            }

            // Good and bad days leave a quarter of play, few sessions a good deal more.
            double play = agent.Habit == Habit.Sparse ? 0.8 : 0.25;
            Assert.InRange(Calls(agent.Id).Length, (1 - play) * expected, (1 + play) * expected);
        }
    }

    [Fact]
    public void Agents_of_one_habit_differ_widely_in_volume()
    {
        int[] volumes = [.. SomeSimulation.Quiet.Agents
            .Where(agent => agent.Habit == Habit.Diurnal)
            .Select(agent => Calls(agent.Id).Length)];

        Assert.InRange(volumes.Max() / (double)volumes.Min(), 10, 1_000);
    }

    private static TheoryData<string> AgentsOf(Habit habit) =>
        [.. SomeSimulation.Quiet.Agents.Where(agent => agent.Habit == habit).Select(agent => agent.Id)];

    private static SimulatedAgent Agent(string id) => SomeSimulation.Quiet.Agents.Single(agent => agent.Id == id);

    private static SimulatedCall[] Calls(string agentId) => CallsOf[agentId];
}
