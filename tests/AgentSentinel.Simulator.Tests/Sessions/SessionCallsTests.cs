using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Habits;

namespace AgentSentinel.Simulator.Tests.Sessions;

/// <summary>Sessions as they show in the calls of a quiet fleet.</summary>
public sealed class SessionCallsTests
{
    private static readonly SimulatedCall[][] Sessions =
        [.. SomeSimulation.Quiet.Calls().GroupBy(call => call.SessionId).Select(session => session.ToArray())];

    private static readonly ILookup<string, SimulatedCall[]> SessionsOf = Sessions.ToLookup(session => session[0].AgentId);

    [Fact]
    public void A_session_opens_with_its_only_request()
    {
        foreach (SimulatedCall[] session in Sessions)
        {
            Assert.Equal(CallKind.Request, session[0].Kind);
            Assert.DoesNotContain(session.Skip(1), call => call.Kind == CallKind.Request);
        }
    }

    [Fact]
    public void A_session_has_one_agent_and_one_trace_under_its_requests_span()
    {
        HashSet<string> traces = [];
        foreach (SimulatedCall[] session in Sessions)
        {
            Assert.Single(session.Select(call => call.AgentId).Distinct());
            Assert.True(traces.Add(Assert.Single(session.Select(call => call.TraceId).Distinct())));
            Assert.Equal(session.Length, session.Select(call => call.SpanId).Distinct().Count());
            Assert.All(session.Skip(1), call => Assert.Equal(session[0].SpanId, call.ParentSpanId));
        }
    }

    [Fact]
    public void Counts_of_session_driven_agents_are_more_dispersed_than_poisson()
    {
        Dictionary<string, List<SimulatedCall>> calls = SomeSimulation.Quiet.Calls().GroupBy(call => call.AgentId).ToDictionary(own => own.Key, own => own.ToList());
        foreach (SimulatedAgent agent in SomeSimulation.Quiet.Agents.Where(agent => agent.Habit == Habit.Diurnal))
        {
            // Count minus expectation removes the daily wave; a Poisson process would give 1.
            Dictionary<DateTime, int> counts = calls[agent.Id]
                .GroupBy(call => call.Time.Date.AddHours(call.Time.Hour))
                .ToDictionary(hour => hour.Key, hour => hour.Count());
            double squares = 0;
            double expected = 0;
            for (DateTime hour = SomeSimulation.Quiet.Options.Start.DateTime; hour < SomeSimulation.Quiet.Options.Start.DateTime.AddDays(28); hour = hour.AddHours(1))
            {
                double mean = agent.EventsPerHour(hour.AddMinutes(30));
                double error = counts.GetValueOrDefault(hour) - mean;
                squares += error * error;
                expected += mean;
            }

            Assert.InRange(squares / expected, 1.5, 500);
        }
    }

    [Fact]
    public void Tools_follow_each_other_in_an_order_of_the_agents_own()
    {
        foreach (SimulatedAgent agent in SomeSimulation.Quiet.Agents.Where(agent => agent.Habit == Habit.Diurnal))
        {
            (string From, string To)[] steps = [.. SessionsOf[agent.Id]
                .SelectMany(session => session.Skip(2).Zip(session.Skip(1), (to, from) => (from.Tool!.Name, to.Tool!.Name)))];
            Dictionary<string, double> shares = steps.GroupBy(step => step.To).ToDictionary(to => to.Key, to => to.Count() / (double)steps.Length);

            // Mutual information of neighbours in bits: 0 if the order meant nothing.
            double information = steps.GroupBy(step => step.From).Sum(from => from.GroupBy(step => step.To).Sum(to =>
                to.Count() / (double)steps.Length * Math.Log2(to.Count() / (double)from.Count() / shares[to.Key])));
            Assert.InRange(information, 0.05, 3);
        }
    }

    [Fact]
    public void Sizes_are_as_spread_as_log_normals_are()
    {
        foreach (SimulatedAgent agent in SomeSimulation.Quiet.Agents.Where(agent => agent.Habit != Habit.Sparse))
        {
            double[] logarithms = [.. SessionsOf[agent.Id]
                .SelectMany(session => session)
                .Where(call => call.Tool?.Name == agent.Tools[0].Name && call.Status == CallStatus.Ok)
                .Select(call => Math.Log(call.DurationMs!.Value))];
            double mean = logarithms.Average();
            double deviation = Math.Sqrt(logarithms.Average(value => (value - mean) * (value - mean)));

            Assert.InRange(deviation, 0.45, 0.65);
            Assert.InRange(Math.Exp(mean), 0.85 * agent.Tools[0].DurationMs, 1.15 * agent.Tools[0].DurationMs);
        }
    }

    [Fact]
    public void A_failed_call_brings_nothing()
    {
        foreach (SimulatedCall call in Sessions.SelectMany(session => session).Where(call => call.Status != CallStatus.Ok))
        {
            Assert.NotNull(call.Error);
            Assert.InRange(call.Records ?? 0, 0, 0);
        }
    }
}
