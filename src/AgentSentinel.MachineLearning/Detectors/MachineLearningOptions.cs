using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detectors;
using AgentSentinel.MachineLearning.Series;

namespace AgentSentinel.MachineLearning.Detectors;

/// <summary>Options of the detectors that come with the product: those of <see cref="DetectorsOptions"/>, and one section for each of <see cref="MachineLearningDetectors"/>.</summary>
public sealed record MachineLearningOptions : DetectorsOptions
{
    /// <summary>Spikes among independent counts.</summary>
    [Description("ml-iid-spike: counts of calls far from the last ones.")]
    public MlIidSpikeOptions MlIidSpike { get; init; } = new();

    /// <summary>Change points among independent counts.</summary>
    [Description("ml-iid-change-point: a lasting change of the counts of calls.")]
    public MlIidChangePointOptions MlIidChangePoint { get; init; } = new();

    /// <summary>Spikes beside trend and seasons.</summary>
    [Description("ml-ssa-spike: counts of calls far from what trend and seasons foretell.")]
    public MlSsaSpikeOptions MlSsaSpike { get; init; } = new();

    /// <summary>Change points beside trend and seasons.</summary>
    [Description("ml-ssa-change-point: a lasting change of the counts of calls beside trend and seasons.")]
    public MlSsaChangePointOptions MlSsaChangePoint { get; init; } = new();

    /// <summary>Salient counts.</summary>
    [Description("ml-spectral-residual: counts of calls that stand out from the rhythm of the last ones.")]
    public MlSpectralResidualOptions MlSpectralResidual { get; init; } = new();
}

/// <summary>Options of <c>ml-iid-spike</c>.</summary>
public sealed record MlIidSpikeOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether the detector runs.")]
    public bool Enabled { get; init; }

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.1;

    /// <summary>Length of a window in minutes.</summary>
    [Description("Minutes over which calls are counted.")]
    [Range(1, 1440)]
    public int WindowMinutes { get; init; } = 10;

    /// <summary>Windows that p-values are computed from.</summary>
    [Description("Number of past windows that a count is compared with.")]
    [Range(10, 120)]
    public int HistoryLength { get; init; } = 60;

    /// <summary>Which way a count must be odd.</summary>
    [Description("Positive finds too many calls, Negative too few, TwoSided both.")]
    public AnomalySide Side { get; init; } = AnomalySide.Positive;
}

/// <summary>Options of <c>ml-iid-change-point</c>.</summary>
public sealed record MlIidChangePointOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether the detector runs.")]
    public bool Enabled { get; init; }

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.1;

    /// <summary>Length of a window in minutes.</summary>
    [Description("Minutes over which calls are counted.")]
    [Range(1, 1440)]
    public int WindowMinutes { get; init; } = 10;

    /// <summary>Windows that p-values and martingales are computed from.</summary>
    [Description("Number of past windows that a count is compared with, and within which a change must show.")]
    [Range(10, 120)]
    public int HistoryLength { get; init; } = 30;
}

/// <summary>Options of <c>ml-ssa-spike</c>.</summary>
public sealed record MlSsaSpikeOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether the detector runs.")]
    public bool Enabled { get; init; }

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.1;

    /// <summary>Length of a window in minutes.</summary>
    [Description("Minutes over which calls are counted.")]
    [Range(1, 1440)]
    public int WindowMinutes { get; init; } = 60;

    /// <summary>Windows that p-values are computed from.</summary>
    [Description("Number of past forecast errors that a forecast error is compared with.")]
    [Range(10, 120)]
    public int HistoryLength { get; init; } = 60;

    /// <summary>Which way a count must be odd.</summary>
    [Description("Positive finds too many calls, Negative too few, TwoSided both.")]
    public AnomalySide Side { get; init; } = AnomalySide.Positive;

    /// <summary>Longest season.</summary>
    [Description("Longest season, in windows. An agent's first 7 seasons train its model; nothing is scored before.")]
    [Range(2, 60)]
    public int SeasonLength { get; init; } = 24;
}

/// <summary>Options of <c>ml-ssa-change-point</c>.</summary>
public sealed record MlSsaChangePointOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether the detector runs.")]
    public bool Enabled { get; init; }

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.1;

    /// <summary>Length of a window in minutes.</summary>
    [Description("Minutes over which calls are counted.")]
    [Range(1, 1440)]
    public int WindowMinutes { get; init; } = 60;

    /// <summary>Windows that p-values and martingales are computed from.</summary>
    [Description("Number of past forecast errors that a forecast error is compared with, and within which a change must show.")]
    [Range(10, 120)]
    public int HistoryLength { get; init; } = 24;

    /// <summary>Longest season.</summary>
    [Description("Longest season, in windows. An agent's first 7 seasons train its model; nothing is scored before.")]
    [Range(2, 60)]
    public int SeasonLength { get; init; } = 24;
}

/// <summary>Options of <c>ml-spectral-residual</c>.</summary>
public sealed record MlSpectralResidualOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether the detector runs.")]
    public bool Enabled { get; init; }

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.1;

    /// <summary>Length of a window in minutes.</summary>
    [Description("Minutes over which calls are counted.")]
    [Range(1, 1440)]
    public int WindowMinutes { get; init; } = 10;

    /// <summary>Windows that are transformed.</summary>
    [Description("Number of windows whose rhythm a count must stand out from.")]
    [Range(24, 256)]
    public int WindowLength { get; init; } = 64;
}
