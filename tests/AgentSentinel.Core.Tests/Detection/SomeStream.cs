using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Detection;

/// <summary>The input of one partition, drawn from a seed: agents with habits, disorder within and beyond the lateness, repeats, bursts, new names, failures, silence.</summary>
internal static class SomeStream
{
    internal static List<DetectionRun.Input> Draw(int seed, int length)
    {
        var random = new Random(seed);
        var inputs = new List<DetectionRun.Input>(length);
        var time = Some.Monday;
        var (burst, wild) = (0, "");
        while (inputs.Count < length)
        {
            if (burst == 0 && random.Next(400) == 0)
            {
                (burst, wild) = (random.Next(20, 150), $"agent-{random.Next(12)}");
            }

            time = time.AddSeconds(burst > 0 ? random.NextDouble() : random.Next(random.Next(500) == 0 ? 40_000 : 200));
            if (random.Next(60) == 0)
            {
                inputs.Add(new(null, time.AddSeconds(random.Next(30))));
                continue;
            }

            if (inputs.Count > 0 && random.Next(30) == 0 && inputs[^random.Next(1, Math.Min(inputs.Count, 20))].Call is { } repeated)
            {
                inputs.Add(new(repeated, time));
                continue;
            }

            burst = Math.Max(0, burst - 1);
            var agent = burst > 0 ? wild : $"agent-{(int)(12 * random.NextDouble() * random.NextDouble())}";
            inputs.Add(new(Draw(random, agent, $"c{inputs.Count}", time.AddSeconds(-random.Next(random.Next(100) == 0 ? 600 : 100)), burst > 0), time));
        }

        return inputs;
    }

    private static ToolCall Draw(Random random, string agent, string id, DateTimeOffset time, bool isWild) => Some.ToolCall(
        time,
        id,
        agent,
        random.Next(3000) == 0 ? "bad" : random.Next(100) == 0 ? $"rare.tool-{random.Next(500)}" : $"crm.tool-{random.Next(4)}",
        random.Next(2) == 0 ? [] : [random.Next(isWild ? 5 : 150) == 0 ? $"rare:{random.Next(10_000)}" : $"crm:{random.Next(8)}"],
        random.Next(isWild ? 3 : 50) == 0 ? (CallStatus)random.Next(1, 3) : CallStatus.Ok,
        random.Next(900),
        $"key-{random.Next(3)}",
        random.Next(50) == 0 ? CallKind.Request : CallKind.ToolCall);
}
