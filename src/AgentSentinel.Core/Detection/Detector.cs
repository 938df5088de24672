using System.Collections.ObjectModel;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detection;

/// <summary>
/// A way to notice odd behaviour. One instance serves all agents of a partition, from one thread; what it knows of a
/// single agent is a <see cref="Baseline"/>. A detector is one file in <c>Core/Detectors</c> and one registration in
/// <c>StandardDetectors</c>; the contract tests, checkpoints, replay and charts pick it up from there.
/// </summary>
/// <param name="name">See <see cref="Name"/>.</param>
/// <param name="budgetShare">See <see cref="BudgetShare"/>.</param>
/// <param name="features">See <see cref="Features"/>.</param>
public abstract class Detector(string name, double budgetShare, params Feature[] features)
{
    /// <summary>kebab-case, unique, stable: it stands in anomaly ids, options and saved memory.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// kebab-case. Detectors whose findings come from the same cause share a family (<c>volume</c>, <c>novelty</c>, <c>lineage</c>, <c>scope</c>, …):
    /// risk counts a family once, however many of its detectors say the same.
    /// </summary>
    public virtual string Family => Name;

    /// <summary>True when it judges how much an agent does: in a planned change its findings are evidence, but no reason for an alarm.</summary>
    public bool IsOfVolume => Family == "volume";

    /// <summary>The part of the agent's false-alert budget that this detector may spend, in (0, 1]. The shares of all detectors add up to at most 1.</summary>
    public double BudgetShare { get; } = budgetShare;

    /// <summary>
    /// log10 of the return period in days at which the engine raises an anomaly: for what a detector tells people, and for what it has told. That of a
    /// budget of one alert in 30 days until the engine says otherwise.
    /// </summary>
    public double LogThreshold { get; internal set; } = Math.Log10(30 / budgetShare);

    /// <summary>What it looks at; at least one. <see cref="Finding.Feature"/> is a position in here.</summary>
    public IReadOnlyList<Feature> Features { get; } = features;

    /// <summary>A baseline that has learned nothing yet.</summary>
    /// <param name="agentId">The agent whose baseline it is: to look up what is declared of it. Text from telemetry: data.</param>
    public abstract Baseline CreateBaseline(string agentId);

    /// <summary>One sentence for the analyst: what was seen against what is usual.</summary>
    /// <param name="finding">A finding of this detector.</param>
    public abstract string Explain(in Finding finding);

    /// <summary>Takes over what is declared of the agents. Called between two calls, whenever people have changed it; most detectors do not ask.</summary>
    /// <param name="registry">What is declared from now on.</param>
    public virtual void Declare(AgentRegistry registry)
    {
    }

    /// <summary>What the surprisals of its channels usually come to on the agents of the partition, by channel: what a fleet model says of it. Most detectors have no such channels.</summary>
    public virtual IReadOnlyDictionary<string, GumbelPrior> Priors => ReadOnlyDictionary<string, GumbelPrior>.Empty;

    /// <summary>
    /// Begins with what a fleet model says of its channels, before the first call; channels that it does not name are left as they are. What was saved of the
    /// partition counts for more, and is loaded afterwards.
    /// </summary>
    /// <param name="priors">By channel, as <see cref="Priors"/>.</param>
    public virtual void BeginWith(IReadOnlyDictionary<string, GumbelPrior> priors)
    {
    }

    /// <summary>Saves what is known across agents. Most detectors know nothing of that kind.</summary>
    public virtual void Save(MemoryWriter writer)
    {
    }

    /// <summary>Loads what <see cref="Save"/> wrote.</summary>
    public virtual void Load(ref MemoryReader reader)
    {
    }
}
