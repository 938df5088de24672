using AgentSentinel.Simulator.Habits;

namespace AgentSentinel.Simulator.Tests.Habits;

/// <summary>Habits that change over weeks, and those that are hard for other reasons, as they show in calls.</summary>
public sealed class ChangingRoutineTests
{
    private const int Days = 42;

    [Fact]
    public void A_growing_agent_works_more_every_week()
    {
        Simulation simulation = Fleet(Habit.Growing, agents: 8);
        int[] weeks = PerWeek(simulation.Calls());

        Assert.InRange(weeks[4] / (double)weeks[0], 1.15, 3.5);
    }

    [Fact]
    public void A_redeployed_agent_gets_a_version_that_it_keeps_until_the_next()
    {
        Simulation simulation = Fleet(Habit.Redeployed, agents: 8);
        foreach (IGrouping<string, SimulatedCall> calls in simulation.Calls().GroupBy(call => call.AgentId))
        {
            string[] versions = [.. calls.Select(call => call.AgentVersion).Distinct()];
            Assert.InRange(versions.Length, 2, 6);
            Assert.Equal(versions.Length - 1, calls.Zip(calls.Skip(1)).Count(pair => pair.First.AgentVersion != pair.Second.AgentVersion));
        }
    }

    [Fact]
    public void A_redeploy_changes_level_or_tools()
    {
        Simulation simulation = Fleet(Habit.Redeployed, agents: 8);
        foreach (IGrouping<string, SimulatedCall> calls in simulation.Calls().Where(call => call.Tool is not null).GroupBy(call => call.AgentId))
        {
            Dictionary<string, double>[] shares = [.. calls.GroupBy(call => call.AgentVersion)
                .Where(version => version.Count() > 200)
                .Select(version => version.GroupBy(call => call.Tool!.Name).ToDictionary(tool => tool.Key, tool => tool.Count() / (double)version.Count()))];
            for (int i = 1; i < shares.Length; i++)
            {
                double distance = shares[i].Keys.Union(shares[i - 1].Keys).Sum(tool => Math.Abs(shares[i].GetValueOrDefault(tool) - shares[i - 1].GetValueOrDefault(tool)));
                Assert.InRange(distance, 0.02, 2);
            }
        }
    }

    [Fact]
    public void A_sleeping_agent_is_silent_for_ten_days_and_works_again_or_sleeps_on_to_the_end()
    {
        Simulation simulation = Fleet(Habit.Sleeping, agents: 8);
        foreach (IGrouping<string, SimulatedCall> calls in simulation.Calls().GroupBy(call => call.AgentId))
        {
            DateTimeOffset[] times = [.. calls.Select(call => call.Time), simulation.Options.Start.AddDays(Days)];
            Assert.InRange(times.Zip(times.Skip(1), (earlier, later) => later - earlier).Max().TotalDays, 9, 32);
        }
    }

    [Fact]
    public void The_end_of_a_month_is_busier_than_other_working_days()
    {
        Simulation simulation = Fleet(Habit.MonthEnd, agents: 12);
        Dictionary<DateOnly, int> perDay = simulation.Calls().CountBy(call => DateOnly.FromDateTime(call.Time.DateTime)).ToDictionary();

        // 29 and 30 January and 2 February 2026 are a Thursday, a Friday and a Monday.
        double busy = new[] { new DateOnly(2026, 1, 29), new DateOnly(2026, 1, 30), new DateOnly(2026, 2, 2) }.Average(day => perDay[day]);
        double usual = new[] { new DateOnly(2026, 1, 22), new DateOnly(2026, 1, 23), new DateOnly(2026, 2, 9) }.Average(day => perDay[day]);
        Assert.InRange(busy / usual, 2, 9);
    }

    [Fact]
    public void A_moving_agent_keeps_its_hours_on_another_clock()
    {
        Simulation simulation = Fleet(Habit.Moving, agents: 20);
        DateTime first = simulation.Options.Start.DateTime.AddDays(7);
        DateTime last = simulation.Options.Start.DateTime.AddDays(Days - 7);
        foreach (SimulatedAgent agent in simulation.Agents)
        {
            Assert.Single(Enumerable.Range(-9, 19).Where(hours => hours != 0), hours => Enumerable.Range(24, 48).All(hour =>
                Math.Abs(agent.EventsPerHour(first.AddHours(hour)) - agent.EventsPerHour(last.AddHours(hour - hours))) < 1e-9));
        }
    }

    [Fact]
    public void A_seasonal_agent_swells_and_ebbs()
    {
        foreach (SimulatedAgent agent in Fleet(Habit.Seasonal, agents: 8).Agents)
        {
            double[] weeks = [.. Enumerable.Range(0, 12).Select(week => agent.EventsPerHour(new DateTime(2026, 1, 6, 12, 0, 0).AddDays(7 * week)))];
            Assert.InRange(weeks.Max() / weeks.Min(), 1.5, 7);
        }
    }

    [Fact]
    public void A_steady_agent_does_not_know_night_or_weekend()
    {
        SimulatedCall[] calls = [.. Fleet(Habit.Steady, agents: 8).Calls()];

        Assert.InRange(calls.Count(call => call.Time.Hour < 6) / (double)calls.Length, 0.23, 0.27);
        Assert.InRange(calls.Count(call => call.Time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) / (double)calls.Length, 0.26, 0.31);
    }

    [Fact]
    public void A_session_driven_agent_is_mostly_silent_and_then_makes_many_calls_in_a_row()
    {
        foreach (IGrouping<string, SimulatedCall> calls in Fleet(Habit.SessionDriven, agents: 8).Calls().GroupBy(call => call.AgentId))
        {
            int busyHours = calls.Select(call => call.Time.Ticks / TimeSpan.TicksPerHour).Distinct().Count();
            int[] sessions = [.. calls.CountBy(call => call.SessionId).Select(session => session.Value).Order()];

            Assert.InRange(busyHours / (Days * 24.0), 0.01, 0.75);
            Assert.InRange(sessions[^1] / (double)sessions[sessions.Length / 4], 4, 10_000);
        }
    }

    [Fact]
    public void On_a_holiday_people_do_not_work()
    {
        DateOnly holiday = new(2026, 1, 21);
        Simulation simulation = new(new SimulationOptions { Agents = 8, Kinds = [Habit.OfficeHours], Incidents = 0, Holidays = [holiday] });
        Dictionary<DateOnly, int> perDay = simulation.Calls().CountBy(call => DateOnly.FromDateTime(call.Time.DateTime)).ToDictionary();

        Assert.InRange(perDay.GetValueOrDefault(holiday) / (double)perDay[holiday.AddDays(1)], 0, 0.1);
    }

    [Fact]
    public void A_fleet_has_the_kinds_that_were_chosen_in_turn()
    {
        Simulation simulation = new(new SimulationOptions { Agents = 5, Kinds = [Habit.Steady, Habit.Sparse], Incidents = 0 });

        Assert.Equal([Habit.Steady, Habit.Sparse, Habit.Steady, Habit.Sparse, Habit.Steady], simulation.Agents.Select(agent => agent.Habit));
    }

    private static Simulation Fleet(Habit habit, int agents) =>
        new(new SimulationOptions { Agents = agents, Kinds = [habit], Duration = TimeSpan.FromDays(Days), Incidents = 0 });

    private static int[] PerWeek(IEnumerable<SimulatedCall> calls)
    {
        int[] weeks = new int[Days / 7];
        DateTimeOffset start = new SimulationOptions().Start;
        foreach (SimulatedCall call in calls)
        {
            weeks[Math.Min((int)((call.Time - start).TotalDays / 7), weeks.Length - 1)]++;
        }

        return weeks;
    }
}
