using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>Values that are finite, whatever came in.</summary>
internal static class Finite
{
    /// <summary>An infinite value as the largest finite one of its sign; NaN stays.</summary>
    public static float Bound(float value) => Math.Clamp(value, float.MinValue, float.MaxValue);

    /// <summary>A saved value that must be finite.</summary>
    public static float Read(ref MemoryReader reader)
    {
        var value = reader.ReadSingle();
        return float.IsFinite(value) ? value : throw reader.Damaged("a number that is not finite");
    }
}
