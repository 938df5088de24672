using AgentSentinel.Simulator.Habits;

namespace AgentSentinel.Simulator.Fleets;

/// <summary>How an agent behaves, all of it drawn once when the fleet is made: what the generators need beyond an agent's public face.</summary>
internal sealed record AgentDesign
{
    public required AgentPurpose Purpose { get; init; }

    public required IRoutine Routine { get; init; }

    /// <summary>Versions of the agent in order of time; the first is there from the start.</summary>
    public required IReadOnlyList<Deployment> Deployments { get; init; }

    public required ResourcePool Datasets { get; init; }

    public required ResourcePool Recipients { get; init; }

    /// <summary>The tool with which the agent reads datasets, one that counts records where it has one.</summary>
    public required SimulatedTool ReadingTool { get; init; }

    /// <summary>Standard deviation of the logarithm of records per call.</summary>
    public required double SizeSigma { get; init; }

    /// <summary>Median tokens of a call.</summary>
    public required double Tokens { get; init; }

    /// <summary>Chance that a call stays with the dataset of the one before.</summary>
    public required double DatasetLoyalty { get; init; }

    /// <summary>Chance that a dataset call touches a second one.</summary>
    public required double JoinShare { get; init; }

    /// <summary>True for an agent whose job it is to pass on what it read in sensitive datasets; others never do so.</summary>
    public required bool MixesData { get; init; }

    /// <summary>The version that is in force at a moment.</summary>
    public Deployment DeploymentAt(long ms)
    {
        int last = Deployments.Count - 1;
        while (last > 0 && Deployments[last].FromMs > ms)
        {
            last--;
        }

        return Deployments[last];
    }
}
