using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Registry;
using AgentSentinel.MachineLearning.Detectors;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Service.Pipelines;

/// <summary>All detectors of the line: the one place that joins those of Core with those of MachineLearning, for the service, the demo and replays alike.</summary>
public static class LineDetectors
{
    /// <summary>Fresh detectors for one partition, those that are enabled, in a fixed order.</summary>
    /// <param name="options">All options.</param>
    /// <param name="registry">What is declared of the agents; null when nothing is.</param>
    /// <param name="calendar">Days that people have off; null when none is known.</param>
    public static IReadOnlyList<Detector> Create(SentinelOptions options, AgentRegistry? registry = null, WorkCalendar? calendar = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return
        [
            .. StandardDetectors.Create(options.Detectors, options.Detection.CreateFingerprintKey(), registry, calendar),
            .. MachineLearningDetectors.Create(options.Detectors),
        ];
    }
}
