using AgentSentinel.Simulator.Habits;

namespace AgentSentinel.Simulator.Fleets;

/// <summary>How an agent behaves, all of it drawn once when the fleet is made: what the generators need beyond an agent's public face.</summary>
internal sealed record AgentDesign
{
    public required AgentPurpose Purpose { get; init; }

    public required IRoutine Routine { get; init; }

    public required ToolOrder ToolOrder { get; init; }

    public required ResourcePool Datasets { get; init; }

    public required ResourcePool Recipients { get; init; }

    /// <summary>The tool with which the agent reads datasets, one that counts records where it has one.</summary>
    public required SimulatedTool ReadingTool { get; init; }

    /// <summary>Factor on all sizes: agents of one purpose ask for different amounts.</summary>
    public required double SizeFactor { get; init; }

    /// <summary>Standard deviation of the logarithm of records per call.</summary>
    public required double SizeSigma { get; init; }

    /// <summary>Median tokens of a call.</summary>
    public required double Tokens { get; init; }

    /// <summary>Chance that a call stays with the dataset of the one before.</summary>
    public required double DatasetLoyalty { get; init; }

    /// <summary>Chance that a dataset call touches a second one.</summary>
    public required double JoinShare { get; init; }
}
