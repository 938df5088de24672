namespace AgentSentinel.Cli.Evaluation.Nab;

/// <summary>What a mistake costs, in detections at a window's very beginning (Lavin and Ahmad 2015, "Evaluating Real-time Anomaly Detection Algorithms", section II).</summary>
/// <param name="Name">For people.</param>
/// <param name="FalsePositive">The most that one false positive costs.</param>
/// <param name="Missed">What a missed window costs.</param>
internal sealed record NabProfile(string Name, double FalsePositive, double Missed)
{
    public static readonly NabProfile Standard = new("standard", 0.11, 1);
    public static readonly NabProfile LowFalsePositives = new("low FP", 0.22, 1);
    public static readonly NabProfile LowFalseNegatives = new("low FN", 0.11, 2);

    public static IReadOnlyList<NabProfile> All => [Standard, LowFalsePositives, LowFalseNegatives];
}
