namespace AgentSentinel.Core.Detectors;

/// <summary>What makes a value's origin surprising.</summary>
/// <param name="Flow">Weighted −log10 of the chance that the argument takes its value from such a source.</param>
/// <param name="Novelty">Weighted −log10 of the chance that the argument has a value not seen before.</param>
/// <param name="Familiarity">1 for a value never seen, less for one that was.</param>
internal readonly record struct LineageScore(double Flow, double Novelty, double Familiarity)
{
    public double Total => Math.Max(0, Flow) + Math.Max(0, Novelty);
}
