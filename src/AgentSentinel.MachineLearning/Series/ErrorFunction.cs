namespace AgentSentinel.MachineLearning.Series;

/// <summary>How far a value is from its forecast.</summary>
public enum ErrorFunction : byte
{
    /// <summary>actual − forecast.</summary>
    SignedDifference,

    /// <summary>|actual − forecast|.</summary>
    AbsoluteDifference,

    /// <summary>(actual − forecast) / forecast; 0 when the forecast is 0.</summary>
    SignedProportion,

    /// <summary>|actual − forecast| / |forecast|; 0 when the forecast is 0.</summary>
    AbsoluteProportion,

    /// <summary>(actual − forecast)².</summary>
    SquaredDifference,
}
