using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Fleets;

/// <summary>
/// One agent's datasets, or its recipients, in Zipf order. Rank 0 is known from the start; an explorer gets to know later ranks one by
/// one. Immutable: what is known is a function of the moment, so that a stream can begin anew.
/// </summary>
internal sealed class ResourcePool
{
    private readonly WeightedChoice _ranks;
    private readonly long[] _knownFromMs;
    private readonly string[][] _names;

    private ResourcePool(SimulatedResource[] resources, long[] knownFromMs, double zipfExponent)
    {
        Resources = resources;
        _knownFromMs = knownFromMs;
        _names = [.. resources.Select(resource => new[] { resource.Name })];
        _ranks = WeightedChoice.Zipf(resources.Length, zipfExponent);
    }

    public IReadOnlyList<SimulatedResource> Resources { get; }

    /// <param name="candidates">Distinct names, most used first; sensitive or not.</param>
    /// <param name="known">How many are known from the start, at least 1.</param>
    /// <param name="discoveriesPerDay">Rate at which the others become known; 0 leaves them out of the pool.</param>
    /// <param name="timeline">The simulated span.</param>
    /// <param name="random">The agent's own.</param>
    public static ResourcePool Draw(
        IReadOnlyList<(string Name, bool IsSensitive)> candidates, int known, double discoveriesPerDay, Timeline timeline, SeededRandom random)
    {
        List<SimulatedResource> resources = [];
        List<long> knownFrom = [];
        long from = 0;
        foreach ((string name, bool isSensitive) in candidates)
        {
            if (resources.Count >= known)
            {
                if (discoveriesPerDay <= 0)
                {
                    break;
                }

                from += (long)random.Exponential(Timeline.DayMs / discoveriesPerDay);
                if (from > timeline.EndMs)
                {
                    break;
                }
            }

            resources.Add(new SimulatedResource(name, isSensitive, timeline.At(from)));
            knownFrom.Add(from);
        }

        return new ResourcePool([.. resources], [.. knownFrom], zipfExponent: random.Uniform(0.8, 1.4));
    }

    /// <summary>Rank of a resource that is known at the moment.</summary>
    public int DrawRank(long ms, SeededRandom random)
    {
        while (true)
        {
            int rank = _ranks.Draw(random);
            if (_knownFromMs[rank] <= ms)
            {
                return rank;
            }
        }
    }

    public bool IsSensitive(int rank) => Resources[rank].IsSensitive;

    /// <summary>The resource as a list of one, made once.</summary>
    public IReadOnlyList<string> Only(int rank) => _names[rank];

    /// <summary>True if the agent ever uses the resource in this simulation, discoveries included.</summary>
    public bool Has(string name) => Resources.Any(resource => resource.Name == name);
}
