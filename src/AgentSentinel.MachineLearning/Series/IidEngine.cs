namespace AgentSentinel.MachineLearning.Series;

/// <summary>Spikes and change points of a series whose values are taken as independent and alike: the raw score is the value itself.</summary>
/// <param name="rule">When it alerts.</param>
public sealed class IidEngine(DensityRule rule) : DensityEngine(rule)
{
    private protected override double RawScore(float value, out double? expected)
    {
        expected = null;
        return value;
    }
}
