using AgentSentinel.Simulator.Habits;

namespace AgentSentinel.Simulator.Fleets;

/// <summary>What a group of similar agents is for: peers share tools and datasets.</summary>
/// <param name="Name">Stem of the agents' ids.</param>
/// <param name="PeerGroup">Owning team.</param>
/// <param name="Habits">Habits that suit the purpose.</param>
/// <param name="Datasets">The peers' datasets, the most used first.</param>
/// <param name="SensitiveDatasets">Datasets of the same domain that few agents need and whose loss would hurt.</param>
/// <param name="Tools">The first reads datasets and every agent of the purpose has it.</param>
internal sealed record AgentPurpose(
    string Name,
    string PeerGroup,
    IReadOnlyList<Habit> Habits,
    IReadOnlyList<string> Datasets,
    IReadOnlyList<string> SensitiveDatasets,
    IReadOnlyList<SimulatedTool> Tools)
{
    /// <summary>True if agents of the purpose may have the habit.</summary>
    public bool Suits(Habit habit) => Habits.Any(basic => RoutineCatalogue.IsLike(habit, basic));
}
