using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>The detectors that come with the product. To add one: its file in this folder, its section in <see cref="DetectorsOptions"/>, one line here.</summary>
public static class StandardDetectors
{
    /// <summary>Fresh detectors for one partition, those that are enabled, in a fixed order.</summary>
    /// <param name="options">Their options.</param>
    /// <param name="key">Key of the deployment for fingerprints of names.</param>
    /// <param name="registry">What is declared of the agents; null when nothing is.</param>
    /// <param name="calendar">Days that people have off; null when none is known.</param>
    public static IReadOnlyList<Detector> Create(DetectorsOptions options, FingerprintKey key, AgentRegistry? registry = null, WorkCalendar? calendar = null)
    {
        registry ??= AgentRegistry.Empty;
        var names = new FingerprintCache(key);
        var detectors = new List<Detector>();
        Add(options.Volume.Enabled, () => new VolumeDetector(options.Volume, names, registry, calendar));
        Add(options.RecordsPerCall.Enabled, () => new RecordsPerCall(options.RecordsPerCall, registry));
        Add(options.FanOut.Enabled, () => new FanOut(options.FanOut, names, registry));
        Add(options.ToolMix.Enabled, () => new ToolMix(options.ToolMix, names, registry));
        Add(options.Novelty.Enabled, () => new Novelty(options.Novelty, names, registry));
        Add(options.Sequence.Enabled, () => new Sequence(options.Sequence, names, registry));
        Add(options.Repetition.Enabled, () => new Repetition(options.Repetition, names));
        Add(options.Lineage.Enabled, () => new Lineage(options.Lineage, names));
        Add(options.CallGauges.Enabled, () => new CallGauges(options.CallGauges, names));
        Add(options.DataMixing.Enabled, () => new DataMixing(options.DataMixing, new ResourceCatalogue(registry.Resources), names));
        Add(options.Secrets.Enabled, () => new Secrets(options.Secrets, key));
        Add(options.CredentialUse.Enabled, () => new CredentialUse(options.CredentialUse, names));
        Add(options.DeclaredScope.Enabled, () => new DeclaredScope(options.DeclaredScope, registry));
        return detectors;

        void Add(bool isEnabled, Func<Detector> create)
        {
            if (isEnabled)
            {
                detectors.Add(create());
            }
        }
    }
}
