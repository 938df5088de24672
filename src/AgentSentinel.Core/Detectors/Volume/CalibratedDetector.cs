using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>A detector that learns how its own surprisals are distributed, and corrects them by what each peer group really spends of the budget.</summary>
/// <param name="name">See <see cref="Detector.Name"/>.</param>
/// <param name="budgetShare">See <see cref="Detector.BudgetShare"/>.</param>
/// <param name="groups">What agents have in common.</param>
/// <param name="features">See <see cref="Detector.Features"/>.</param>
internal abstract class CalibratedDetector(string name, double budgetShare, VolumeGroups groups, params Feature[] features) : Detector(name, budgetShare, features)
{
    public sealed override IReadOnlyDictionary<string, GumbelPrior> Priors => groups.Priors;

    public sealed override void BeginWith(IReadOnlyDictionary<string, GumbelPrior> priors) => groups.BeginWith(priors);

    public sealed override void Declare(AgentRegistry registry) => groups.Declare(registry);

    public sealed override void Save(MemoryWriter writer) => groups.Save(writer);

    public sealed override void Load(ref MemoryReader reader) => groups.Load(ref reader);

    /// <summary>The peers of an agent; see <see cref="VolumeGroups.Of"/>.</summary>
    protected VolumePeers PeersOf(string agentId, VolumePeers? known = null) => groups.Of(agentId, known);
}
