namespace AgentSentinel.Core.Detection;

/// <summary>
/// What a detector makes of one call or one window: how unlikely it is for this agent, and the figures behind that.
/// </summary>
/// <param name="Feature">Position of the feature in <see cref="Detector.Features"/>.</param>
/// <param name="Surprisal">−log10 p, where p is the probability, under the agent's own baseline, of something at least this extreme in one trial. Finite, ≥ 0.</param>
/// <param name="TrialsPerDay">How many such trials the agent makes in a day; &gt; 0. Turns a probability into a return period.</param>
/// <param name="Observed">The feature's value.</param>
/// <param name="ExpectedLow">Low end of the usual range, in the feature's unit.</param>
/// <param name="ExpectedHigh">High end of the usual range, in the feature's unit.</param>
/// <param name="Dimension">The tool, resource or source that explains most of it, or null. Text from telemetry: data.</param>
public readonly record struct Finding(
    int Feature,
    double Surprisal,
    double TrialsPerDay,
    double Observed,
    double ExpectedLow,
    double ExpectedHigh,
    string? Dimension = null)
{
    /// <summary>Nothing unusual, or not yet known what usual is.</summary>
    public static Finding None => default;

    /// <summary>
    /// log10 of the return period in days: 2 means "once in a hundred days". −∞ for <see cref="None"/>.
    /// </summary>
    public double LogReturnPeriod => Surprisal > 0 ? Surprisal - Math.Log10(TrialsPerDay) : double.NegativeInfinity;

    /// <summary>The anomaly score: log10(1 + return period in days). Finite, ≥ 0, grows with the return period.</summary>
    public double Score => LogReturnPeriod switch
    {
        double.NegativeInfinity => 0,
        > 15 and var log => log,
        var log => Math.Log10(1 + Math.Pow(10, log)),
    };

    /// <summary>The more surprising of two findings; the first when they are equal.</summary>
    public static Finding Max(in Finding a, in Finding b) => b.LogReturnPeriod > a.LogReturnPeriod ? b : a;
}
