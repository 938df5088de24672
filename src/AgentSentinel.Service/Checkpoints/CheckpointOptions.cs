using System.ComponentModel;

namespace AgentSentinel.Service.Checkpoints;

/// <summary>Where memory is saved, and how often.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Folder with one file per partition. All instances of the service need the same folder: a partition's memory moves with it.</summary>
    [Description("Folder of the checkpoint files, one per partition. All instances of the service must see the same folder: a partition's memory moves with it.")]
    public string Folder { get; init; } = "state";

    /// <summary>Longest time between two checkpoints of a partition with changes.</summary>
    [Description("Longest time between two checkpoints of a partition that has changed.")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A checkpoint is written earlier when so many profiles have changed: it bounds memory under a flood of new agents.</summary>
    [Description("Most changed profiles before a checkpoint is written early. Bounds memory under a flood of new agent ids.")]
    public int MaxChangedProfiles { get; init; } = 20_000;
}
