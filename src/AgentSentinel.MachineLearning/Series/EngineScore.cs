namespace AgentSentinel.MachineLearning.Series;

/// <summary>What an engine makes of one value, before it learns from it. NaN stands for "this engine has no such figure" or "not for this value".</summary>
/// <param name="Alert">Whether the engine's own rule fires.</param>
/// <param name="Raw">How far the value is from what was expected, in the engine's measure: the value itself, a forecast error, or a ratio of saliences.</param>
/// <param name="PValue">Kernel estimate of the probability of a raw score at least this extreme, from 1e-8 to 1 − 1e-8; of either side, whichever is less, when two-sided.</param>
/// <param name="Martingale">What betting against the last p-values has won.</param>
/// <param name="Magnitude">Salience of the value.</param>
/// <param name="Expected">The value that was expected: a forecast, or the mean of the window.</param>
/// <param name="Deviation">Standard deviation of values around what was expected, ≥ 0.</param>
public readonly record struct EngineScore(
    bool Alert,
    double Raw,
    double PValue,
    double Martingale,
    double Magnitude,
    double Expected,
    double Deviation)
{
    /// <summary>Deviations that the usual range spans to either side.</summary>
    public const double UsualDeviations = 3;

    /// <summary>Low end of the usual range.</summary>
    public double ExpectedLow => Expected - (UsualDeviations * Deviation);

    /// <summary>High end of the usual range.</summary>
    public double ExpectedHigh => Expected + (UsualDeviations * Deviation);
}
