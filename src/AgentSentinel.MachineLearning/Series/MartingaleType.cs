namespace AgentSentinel.MachineLearning.Series;

/// <summary>How p-values are bet against: see <see cref="Betting"/>.</summary>
public enum MartingaleType : byte
{
    /// <summary>No betting: a change point is never found.</summary>
    None,

    /// <summary>One fixed exponent.</summary>
    Power,

    /// <summary>All exponents at once.</summary>
    Mixture,
}
