namespace AgentSentinel.Simulator.Randomness;

/// <summary>Draws indices in proportion to fixed weights. Immutable; O(log n) per draw.</summary>
internal sealed class WeightedChoice
{
    private readonly double[] _cumulative;

    /// <param name="weights">At least one; none negative; their sum positive.</param>
    public WeightedChoice(ReadOnlySpan<double> weights)
    {
        _cumulative = new double[weights.Length];
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i];
            _cumulative[i] = sum;
        }

        if (!(sum > 0))
        {
            throw new ArgumentException("Weights must have a positive sum.", nameof(weights));
        }
    }

    public int Count => _cumulative.Length;

    /// <summary>Ranks 0 … count − 1 with weights 1 / (rank + 1)^exponent (Zipf 1949).</summary>
    public static WeightedChoice Zipf(int count, double exponent)
    {
        double[] weights = new double[count];
        for (int rank = 0; rank < count; rank++)
        {
            weights[rank] = Math.Pow(rank + 1, -exponent);
        }

        return new WeightedChoice(weights);
    }

    public int Draw(SeededRandom random)
    {
        double at = random.Uniform() * _cumulative[^1];
        int low = 0;
        int high = _cumulative.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (at < _cumulative[middle])
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
