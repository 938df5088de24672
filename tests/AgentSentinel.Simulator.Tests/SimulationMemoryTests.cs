using AgentSentinel.Core.Tests;

namespace AgentSentinel.Simulator.Tests;

public sealed class SimulationMemoryTests
{
    [Fact]
    public void Memory_does_not_grow_with_the_calls()
    {
        using var calls = new Simulation(SomeSimulation.Options with { Incidents = 0 }).Calls().GetEnumerator();
        var before = HeldAfter(calls, 20_000);

        // Keeping 120,000 calls would cost more than twenty megabytes.
        Assert.InRange(HeldAfter(calls, 120_000) - before, long.MinValue, 4_000_000);
    }

    private static long HeldAfter(IEnumerator<SimulatedCall> calls, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(calls.MoveNext());
        }

        return Held.Bytes(calls);
    }
}
