using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Fleets;

/// <summary>Which tool follows which: an agent's own first-order Markov chain over its tools. Immutable.</summary>
internal sealed class ToolOrder
{
    // Gamma factors of shape below 1 make a few successors likely and the others unlikely, as real task scripts do.
    private const double SuccessorShape = 0.4;

    // Unlikely is not impossible: every pair of an agent's tools occurs sooner or later.
    private const double FloorShare = 0.03;

    private readonly WeightedChoice _first;
    private readonly WeightedChoice[] _next;

    public ToolOrder(IReadOnlyList<SimulatedTool> tools, SeededRandom random)
    {
        double[] weights = [.. tools.Select(tool => tool.Weight)];
        _first = new WeightedChoice(weights);
        _next = new WeightedChoice[weights.Length];
        double[] row = new double[weights.Length];
        for (int from = 0; from < row.Length; from++)
        {
            for (int to = 0; to < row.Length; to++)
            {
                row[to] = weights[to] * (random.Gamma(SuccessorShape, 1) + FloorShare);
            }

            _next[from] = new WeightedChoice(row);
        }
    }

    public int First(SeededRandom random) => _first.Draw(random);

    public int Next(int current, SeededRandom random) => _next[current].Draw(random);
}
