using AgentSentinel.Core.Tests;

namespace AgentSentinel.Simulator.Tests;

/// <summary>Runs alone: the heap is everybody's.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
[Collection("alone")]
public sealed class SimulationMemoryTests
{
    [Fact]
    public void Memory_does_not_grow_with_the_calls()
    {
        Simulation simulation = new(SomeSimulation.Options with { Incidents = 0 });
        long before = 0;
        long after = 0;
        int count = 0;
        foreach (SimulatedCall _ in simulation.Calls())
        {
            count++;
            if (count == 20_000)
            {
                before = Heap.SettledBytes();
            }
            else if (count == 140_000)
            {
                after = Heap.SettledBytes();
                break;
            }
        }

        // Keeping 120,000 calls would cost more than twenty megabytes.
        Assert.Equal(140_000, count);
        Assert.InRange(after - before, long.MinValue, 4_000_000);
    }
}
