using AgentSentinel.Core.Detection;
using AgentSentinel.MachineLearning.Series;

namespace AgentSentinel.MachineLearning.Detectors;

/// <summary>
/// ML.NET's detectors of spikes and change points as detectors of the line, beside <c>StandardDetectors</c> and off by default. To add one: its engine in <see cref="SeriesEngines"/>,
/// its section in <see cref="MachineLearningOptions"/>, one line here.
/// </summary>
public static class MachineLearningDetectors
{
    // Training on less would meet each phase of a season too few times; on a week's hours it meets each hour of a day seven times.
    private const int TrainingSeasons = 7;

    /// <summary>Fresh detectors for one partition, those that are enabled, in a fixed order.</summary>
    public static IReadOnlyList<Detector> Create(MachineLearningOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var detectors = new List<Detector>();
        if (options.MlIidSpike is { Enabled: true } iidSpike)
        {
            detectors.Add(new SeriesDetector(SeriesEngines.IidSpike, iidSpike.BudgetShare, iidSpike.WindowMinutes, new SeriesEngineOptions
            {
                HistoryLength = iidSpike.HistoryLength,
                Side = iidSpike.Side,
            }));
        }

        if (options.MlIidChangePoint is { Enabled: true } iidChange)
        {
            detectors.Add(new SeriesDetector(SeriesEngines.IidChangePoint, iidChange.BudgetShare, iidChange.WindowMinutes, new SeriesEngineOptions
            {
                HistoryLength = iidChange.HistoryLength,
            }));
        }

        if (options.MlSsaSpike is { Enabled: true } ssaSpike)
        {
            detectors.Add(new SeriesDetector(SeriesEngines.SsaSpike, ssaSpike.BudgetShare, ssaSpike.WindowMinutes, new SeriesEngineOptions
            {
                HistoryLength = ssaSpike.HistoryLength,
                Side = ssaSpike.Side,
                SeasonLength = ssaSpike.SeasonLength,
                TrainingLength = TrainingSeasons * ssaSpike.SeasonLength,
            }));
        }

        if (options.MlSsaChangePoint is { Enabled: true } ssaChange)
        {
            detectors.Add(new SeriesDetector(SeriesEngines.SsaChangePoint, ssaChange.BudgetShare, ssaChange.WindowMinutes, new SeriesEngineOptions
            {
                HistoryLength = ssaChange.HistoryLength,
                SeasonLength = ssaChange.SeasonLength,
                TrainingLength = TrainingSeasons * ssaChange.SeasonLength,
            }));
        }

        if (options.MlSpectralResidual is { Enabled: true } spectral)
        {
            detectors.Add(new SeriesDetector(SeriesEngines.SpectralResidual, spectral.BudgetShare, spectral.WindowMinutes, new SeriesEngineOptions
            {
                WindowLength = spectral.WindowLength,
            }));
        }

        return detectors;
    }
}
