namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>What is believed of a class before much was seen of it.</summary>
/// <param name="Weight">Observations that it is worth, over 0.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation.</param>
internal readonly record struct ClassPrior(double Weight, double Mean, double Deviation);
