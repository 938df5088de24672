using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Detectors;

public sealed class CallGaugesTests
{
    private const int Days = 21;
    private static readonly DateTimeOffset Odd = Some.Monday.AddDays(Days).AddHours(-6);

    [Fact]
    public void Calls_that_take_twenty_times_as_long_for_an_hour_are_an_anomaly()
    {
        var anomalies = Run(1, (call, random) => call.DurationMs *= call.Time >= Odd && call.Time < Odd.AddHours(1) ? 20 : 1);
        var first = anomalies.First();
        Assert.InRange(first.Time, Odd, Odd.AddHours(1));
        Assert.Equal("duration_ms_per_call", first.Evidence.Feature);
        Assert.True(first.Evidence.Observed > first.Evidence.ExpectedHigh);
    }

    [Fact]
    public void Calls_that_cost_four_times_the_tokens_for_hours_are_an_anomaly()
    {
        var anomalies = Run(2, (call, random) => call.Tokens *= call.Time >= Odd && call.Time < Odd.AddHours(3) ? 4 : 1);
        Assert.Contains(anomalies, a => a.Evidence.Feature == "tokens_per_call" && a.Time < Odd.AddHours(3));
    }

    // Durations with the tails that they have, of tools a hundred times slower than others. A twentieth of the budget is 1 false alert for 20 agents in 30 days.
    [Fact]
    public void On_ordinary_agents_it_keeps_to_three_times_its_share()
    {
        var alarms = Enumerable.Range(100, 40).Sum(seed => Run(seed, (_, _) => { }, days: 44).Count(a => a.Time >= Some.Monday.AddDays(14)));
        Assert.InRange(alarms, 0, 3 * 40 / 20);
    }

    private static List<Anomaly> Run(int seed, Action<ToolCall, Random> change, int days = Days)
    {
        var random = new Random(seed);
        var engine = Some.DetectionEngine(detectors: [new CallGauges(new CallGaugesOptions(), Some.Names)]);
        var output = new DetectionOutput();
        var anomalies = new List<Anomaly>();
        var tools = Enumerable.Range(0, 1 + (seed % 5)).Select(_ => 50 * Math.Pow(100, random.NextDouble())).ToArray();
        var spread = 0.3 + (0.7 * random.NextDouble());
        var perMinute = 0.05 + (0.3 * random.NextDouble());
        for (var minute = 0; minute < days * 1440; minute++)
        {
            for (var calls = random.NextDouble() < perMinute ? 1 + random.Next(6) : 0; calls > 0; calls--)
            {
                var tool = random.Next(tools.Length);
                var call = Some.ToolCall(Some.Monday.AddMinutes(minute).AddSeconds(60 * random.NextDouble() * 0.99), $"{minute}-{calls}", "agent", $"tool-{tool}");
                call.DurationMs = tools[tool] * Math.Exp(spread * Normal(random)) * (random.Next(200) == 0 ? 5 : 1);
                call.Tokens = 800 * Math.Exp(0.5 * Normal(random));
                change(call, random);
                engine.Process(call, call.Time, output);
            }

            anomalies.AddRange(output.Anomalies);
            Assert.Empty(output.Failures);
            output.Clear();
        }

        return anomalies;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
