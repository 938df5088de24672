namespace AgentSentinel.Core.Detection;

/// <summary>
/// What a detector makes of one call or one window: how unlikely it is for this agent, and the figures behind that.
/// </summary>
/// <param name="Feature">Position of the feature in <see cref="Detector.Features"/>.</param>
/// <param name="Surprisal">−log10 p, where p is the probability, under the agent's own baseline, of something at least this extreme in one trial. Finite, ≥ 0.</param>
/// <param name="LogReturnPeriod">log10 of the return period in days: 2 means "once in a hundred days". −∞ when nothing is unusual.</param>
/// <param name="Observed">The feature's value.</param>
/// <param name="ExpectedLow">Low end of the usual range, in the feature's unit.</param>
/// <param name="ExpectedHigh">High end of the usual range, in the feature's unit.</param>
/// <param name="Dimension">The tool, resource or source that explains most of it, or null. Text from telemetry: data.</param>
public readonly record struct Finding(
    int Feature,
    double Surprisal,
    double LogReturnPeriod,
    double Observed,
    double ExpectedLow,
    double ExpectedHigh,
    string? Dimension = null)
{
    /// <summary>Nothing unusual, or not yet known what usual is.</summary>
    public static Finding None => new(0, 0, double.NegativeInfinity, 0, 0, 0);

    /// <summary>True when it goes on from what this detector has told already: it is suspicious, but no news.</summary>
    public bool IsOngoing { get; init; }

    /// <summary>The anomaly score: log10(1 + return period in days). Finite, ≥ 0, grows with the return period.</summary>
    public double Score => LogReturnPeriod switch
    {
        double.NegativeInfinity => 0,
        > 15 and var log => log,
        var log => Math.Log10(1 + Math.Pow(10, log)),
    };

    /// <summary>A finding whose return period follows from the number of independent trials alone: for detectors without a calibrator.</summary>
    /// <param name="feature">See <see cref="Feature"/>.</param>
    /// <param name="surprisal">See <see cref="Surprisal"/>.</param>
    /// <param name="trialsPerDay">How many such trials the agent makes in a day; &gt; 0.</param>
    /// <param name="observed">See <see cref="Observed"/>.</param>
    /// <param name="expectedLow">See <see cref="ExpectedLow"/>.</param>
    /// <param name="expectedHigh">See <see cref="ExpectedHigh"/>.</param>
    /// <param name="dimension">See <see cref="Dimension"/>.</param>
    public static Finding OfTrials(
        int feature, double surprisal, double trialsPerDay, double observed, double expectedLow, double expectedHigh, string? dimension = null) =>
        surprisal > 0 ? new Finding(feature, surprisal, surprisal - Math.Log10(trialsPerDay), observed, expectedLow, expectedHigh, dimension) : None;

    /// <summary>The more surprising of two findings; the first when they are equal.</summary>
    public static Finding Max(in Finding a, in Finding b) => b.LogReturnPeriod > a.LogReturnPeriod ? b : a;
}
