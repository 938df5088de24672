namespace AgentSentinel.MachineLearning.Series;

/// <summary>Sizes and thresholds of an engine asked for by name; each engine reads those that concern it.</summary>
public sealed record SeriesEngineOptions
{
    /// <summary>Confidence in percent of the engine's own alerts.</summary>
    public double Confidence { get; init; } = 99;

    /// <summary>Values, or forecast errors, that p-values and martingales are computed from.</summary>
    public int HistoryLength { get; init; } = 60;

    /// <summary>Which way a spike must point.</summary>
    public AnomalySide Side { get; init; } = AnomalySide.TwoSided;

    /// <summary>How p-values are bet against to find change points.</summary>
    public MartingaleType Martingale { get; init; } = MartingaleType.Power;

    /// <summary>Exponent of the power martingale.</summary>
    public double Eps { get; init; } = 0.1;

    /// <summary>First values, to which a model of trend and seasons is fitted.</summary>
    public int TrainingLength { get; init; } = 168;

    /// <summary>Longest season, in values.</summary>
    public int SeasonLength { get; init; } = 24;

    /// <summary>Values that a spectral residual transforms.</summary>
    public int WindowLength { get; init; } = 64;

    /// <summary>Values that a spectral residual compares saliences over.</summary>
    public int JudgementLength { get; init; } = 21;

    /// <summary>Raw score of a spectral residual from which it alerts.</summary>
    public double Threshold { get; init; } = 0.3;
}

/// <summary>The engines by name, for whoever scores series outside of the line.</summary>
public static class SeriesEngines
{
    /// <summary>Spikes among independent values.</summary>
    public const string IidSpike = "ml-iid-spike";

    /// <summary>Change points among independent values.</summary>
    public const string IidChangePoint = "ml-iid-change-point";

    /// <summary>Spikes beside trend and seasons.</summary>
    public const string SsaSpike = "ml-ssa-spike";

    /// <summary>Change points beside trend and seasons.</summary>
    public const string SsaChangePoint = "ml-ssa-change-point";

    /// <summary>Salient values.</summary>
    public const string SpectralResidual = "ml-spectral-residual";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [IidSpike, IidChangePoint, SsaSpike, SsaChangePoint, SpectralResidual];

    /// <summary>
    /// A fresh engine: <see cref="SeriesEngine.Push"/> gives alert and expected range of each value, <see cref="SeriesEngine.Surprisal"/> its surprisal. An engine of trend and seasons
    /// trains itself on the first values.
    /// </summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">Sizes and thresholds.</param>
    /// <exception cref="ArgumentException">The name is unknown, or an option outside its range.</exception>
    public static SeriesEngine Create(string name, SeriesEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return name switch
        {
            IidSpike => new IidEngine(Spike(options)),
            IidChangePoint => new IidEngine(ChangePoint(options)),
            SsaSpike => new SelfTrainingEngine(Spike(options), options.TrainingLength, options.SeasonLength),
            SsaChangePoint => new SelfTrainingEngine(ChangePoint(options), options.TrainingLength, options.SeasonLength),
            SpectralResidual => new SpectralResidualEngine(new SpectralResidualRule(
                options.WindowLength, judgementWindowSize: options.JudgementLength, threshold: options.Threshold)),
            _ => throw new ArgumentException($"There is no engine '{name}'. There are {string.Join(", ", Names)}.", nameof(name)),
        };
    }

    private static DensityRule Spike(SeriesEngineOptions options) => DensityRule.Spike(options.Confidence, options.HistoryLength, options.Side);

    private static DensityRule ChangePoint(SeriesEngineOptions options) =>
        DensityRule.ChangePoint(options.Confidence, options.HistoryLength, options.Martingale, options.Eps);
}
