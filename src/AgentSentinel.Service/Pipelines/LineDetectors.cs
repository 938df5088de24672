using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.MachineLearning.Detectors;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Service.Pipelines;

/// <summary>All detectors of the line: the one place that joins those of Core with those of MachineLearning, for the service, the demo and replays alike.</summary>
public static class LineDetectors
{
    /// <summary>Fresh detectors for one partition, those that are enabled, in a fixed order.</summary>
    /// <param name="options">All options.</param>
    /// <param name="declared">What is declared of agents and of days, and the fleet model; null when nothing is.</param>
    public static IReadOnlyList<Detector> Create(SentinelOptions options, DeclarationSet? declared = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<Detector> detectors =
        [
            .. StandardDetectors.Create(options.Detectors, options.Detection.CreateFingerprintKey(), declared?.Registry, declared?.Calendar),
            .. MachineLearningDetectors.Create(options.Detectors),
        ];
        declared?.Model?.ApplyTo(detectors);
        return detectors;
    }
}
