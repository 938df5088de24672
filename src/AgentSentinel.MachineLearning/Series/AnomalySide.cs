namespace AgentSentinel.MachineLearning.Series;

/// <summary>Which way a value must be odd to be a spike.</summary>
public enum AnomalySide : byte
{
    /// <summary>Too high.</summary>
    Positive,

    /// <summary>Too low.</summary>
    Negative,

    /// <summary>Either.</summary>
    TwoSided,
}
