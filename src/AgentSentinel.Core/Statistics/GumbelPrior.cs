namespace AgentSentinel.Core.Statistics;

/// <summary>What the largest surprisals of blocks are like among peers: location and scale of a Gumbel distribution.</summary>
/// <param name="Location">Its mode, −log10 p.</param>
/// <param name="Scale">Over 0; 1 / ln 10 for correct probabilities.</param>
public readonly record struct GumbelPrior(double Location, double Scale);
