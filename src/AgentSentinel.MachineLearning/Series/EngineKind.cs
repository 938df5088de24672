namespace AgentSentinel.MachineLearning.Series;

/// <summary>The five ways to look at a series.</summary>
public enum EngineKind : byte
{
    /// <summary>Spikes among independent values.</summary>
    IidSpike,

    /// <summary>Change points among independent values.</summary>
    IidChangePoint,

    /// <summary>Spikes beside trend and seasons.</summary>
    SsaSpike,

    /// <summary>Change points beside trend and seasons.</summary>
    SsaChangePoint,

    /// <summary>Salient values.</summary>
    SpectralResidual,
}
