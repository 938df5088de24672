using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detection;

/// <summary>What all profiles of a partition have in common.</summary>
internal sealed class ProfileSetup
{
    private AskedDetectors? _asked;

    public ProfileSetup(DetectionOptions options, IReadOnlyList<Detector> detectors, AgentRegistry registry, WorkCalendar calendar)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(detectors.Count, 32, "detectors (a window has two bits for each)");
        Options = options;
        FreezeAt = options.FreezeAt ?? DateTimeOffset.MaxValue;
        Detectors = detectors;
        OfVolume = detectors.Select((d, i) => d.IsOfVolume ? 1u << i : 0).Aggregate(0u, (bits, bit) => bits | bit);
        Registry = registry;
        Calendar = calendar;
        Resources = new ResourceCatalogue(registry.Resources);
        Key = options.CreateFingerprintKey();
        LogThresholds = [.. detectors.Select(d => Math.Log10(options.ThresholdDays(d.BudgetShare)))];
        foreach (var detector in detectors)
        {
            detector.LogThreshold = Math.Log10(options.ThresholdDays(detector.BudgetShare));
        }
    }

    public DetectionOptions Options { get; }

    /// <summary>From this event time on nothing is learned.</summary>
    public DateTimeOffset FreezeAt { get; }

    public IReadOnlyList<Detector> Detectors { get; }

    /// <summary>A bit for each detector of volume.</summary>
    public uint OfVolume { get; }

    /// <summary>What is declared of the agents.</summary>
    public AgentRegistry Registry { get; set; }

    /// <summary>Holidays and planned changes.</summary>
    public WorkCalendar Calendar { get; }

    /// <summary>How sensitive resources are.</summary>
    public ResourceCatalogue Resources { get; }

    public FingerprintKey Key { get; }

    public WindowPool Windows { get; } = new();

    /// <summary>log10 of the return period in days at which each detector raises an anomaly.</summary>
    public double[] LogThresholds { get; }

    /// <summary>Which detectors are asked when: for all agents the same.</summary>
    public AskedDetectors Asked(Baseline[] baselines) => _asked ??= AskedDetectors.Of(baselines);

    /// <summary>Position of a detector, or −1.</summary>
    public int PositionOf(string name)
    {
        for (var i = 0; i < Detectors.Count; i++)
        {
            if (Detectors[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
