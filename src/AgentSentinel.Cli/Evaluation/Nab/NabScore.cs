namespace AgentSentinel.Cli.Evaluation.Nab;

/// <summary>How a detector did at one threshold.</summary>
/// <param name="Threshold">A row is a detection when its score is at least this.</param>
/// <param name="Normalized">0 for a detector that never detects, 100 for a perfect one; negative when false positives cost more than was found. Without any window 100, less what false positives cost.</param>
/// <param name="Hit">Windows with a detection.</param>
/// <param name="Windows">All windows.</param>
/// <param name="FalsePositives">Detections outside of windows.</param>
internal readonly record struct NabScore(double Threshold, double Normalized, int Hit, int Windows, int FalsePositives);
