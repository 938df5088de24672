using AgentSentinel.MachineLearning.Series;
using Microsoft.ML;

namespace AgentSentinel.MachineLearning.Transforms;

/// <summary>
/// Spike and change-point detection as ML.NET estimators, under the names of <c>Microsoft.ML.TimeSeries</c>. The input is a column of <see cref="float"/>; the output a vector of
/// <see cref="double"/>: alert, raw score, and p-value, then the martingale of a change point; or alert, raw score and magnitude of a spectral residual.
/// </summary>
public static class SeriesCatalog
{
    /// <summary>Spikes among independent values.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of three that results.</param>
    /// <param name="inputColumnName">Column of values.</param>
    /// <param name="confidence">From 0 to 100.</param>
    /// <param name="pvalueHistoryLength">Number of values that p-values are computed from.</param>
    /// <param name="side">Which way a value must be odd.</param>
    public static SeriesEstimator DetectIidSpike(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        double confidence,
        int pvalueHistoryLength,
        AnomalySide side = AnomalySide.TwoSided) =>
        Untrained(catalog, outputColumnName, inputColumnName, EnginePlan.Iid(DensityRule.Spike(confidence, pvalueHistoryLength, side)));

    /// <summary>Change points among independent values.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of four that results.</param>
    /// <param name="inputColumnName">Column of values.</param>
    /// <param name="confidence">From 0 to 100.</param>
    /// <param name="changeHistoryLength">Number of values that p-values and martingales are computed from.</param>
    /// <param name="martingale">How p-values are bet against.</param>
    /// <param name="eps">Exponent of the power martingale.</param>
    public static SeriesEstimator DetectIidChangePoint(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        double confidence,
        int changeHistoryLength,
        MartingaleType martingale = MartingaleType.Power,
        double eps = 0.1) =>
        Untrained(catalog, outputColumnName, inputColumnName, EnginePlan.Iid(DensityRule.ChangePoint(confidence, changeHistoryLength, martingale, eps)));

    /// <summary>Spikes beside trend and seasons.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of three that results.</param>
    /// <param name="inputColumnName">Column of values.</param>
    /// <param name="confidence">From 0 to 100.</param>
    /// <param name="pvalueHistoryLength">Number of forecast errors that p-values are computed from.</param>
    /// <param name="trainingWindowSize">Number of values from the begin of the data that the model is fitted to: more than twice the season.</param>
    /// <param name="seasonalityWindowSize">An upper bound on the longest season, in values.</param>
    /// <param name="side">Which way a forecast error must be odd.</param>
    /// <param name="errorFunction">Measure of the forecast error.</param>
    public static SeriesEstimator DetectSpikeBySsa(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        double confidence,
        int pvalueHistoryLength,
        int trainingWindowSize,
        int seasonalityWindowSize,
        AnomalySide side = AnomalySide.TwoSided,
        ErrorFunction errorFunction = ErrorFunction.SignedDifference) =>
        Trained(catalog, outputColumnName, inputColumnName, DensityRule.Spike(confidence, pvalueHistoryLength, side), trainingWindowSize, seasonalityWindowSize, errorFunction);

    /// <summary>Change points beside trend and seasons.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of four that results.</param>
    /// <param name="inputColumnName">Column of values.</param>
    /// <param name="confidence">From 0 to 100.</param>
    /// <param name="changeHistoryLength">Number of forecast errors that p-values and martingales are computed from.</param>
    /// <param name="trainingWindowSize">Number of values from the begin of the data that the model is fitted to: more than twice the season.</param>
    /// <param name="seasonalityWindowSize">An upper bound on the longest season, in values.</param>
    /// <param name="errorFunction">Measure of the forecast error.</param>
    /// <param name="martingale">How p-values are bet against.</param>
    /// <param name="eps">Exponent of the power martingale.</param>
    public static SeriesEstimator DetectChangePointBySsa(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        double confidence,
        int changeHistoryLength,
        int trainingWindowSize,
        int seasonalityWindowSize,
        ErrorFunction errorFunction = ErrorFunction.SignedDifference,
        MartingaleType martingale = MartingaleType.Power,
        double eps = 0.1) =>
        Trained(catalog, outputColumnName, inputColumnName, DensityRule.ChangePoint(confidence, changeHistoryLength, martingale, eps), trainingWindowSize, seasonalityWindowSize, errorFunction);

    /// <summary>Salient values, by spectral residual.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of three that results.</param>
    /// <param name="inputColumnName">Column of values.</param>
    /// <param name="windowSize">Values that are transformed at a time.</param>
    /// <param name="backAddWindowSize">Copies of an extrapolated value behind them.</param>
    /// <param name="lookaheadWindowSize">Values that are extrapolated from.</param>
    /// <param name="averagingWindowSize">Frequencies over which the log spectrum is averaged.</param>
    /// <param name="judgementWindowSize">Values that saliences are compared over.</param>
    /// <param name="threshold">Raw score above which it alerts, in (0, 1).</param>
    public static SeriesEstimator DetectAnomalyBySrCnn(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        int windowSize = 64,
        int backAddWindowSize = 5,
        int lookaheadWindowSize = 5,
        int averagingWindowSize = 3,
        int judgementWindowSize = 21,
        double threshold = 0.3) =>
        Untrained(
            catalog,
            outputColumnName,
            inputColumnName,
            EnginePlan.SpectralResidual(new SpectralResidualRule(windowSize, backAddWindowSize, lookaheadWindowSize, averagingWindowSize, judgementWindowSize, threshold)));

    private static SeriesEstimator Untrained(TransformsCatalog catalog, string output, string? input, EnginePlan plan) =>
        new(catalog, output, input ?? output, _ => plan);

    private static SeriesEstimator Trained(
        TransformsCatalog catalog, string output, string? input, DensityRule rule, int trainingWindowSize, int seasonalityWindowSize, ErrorFunction error)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seasonalityWindowSize, 2);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(trainingWindowSize, 2 * seasonalityWindowSize);
        var column = input ?? output;
        return new SeriesEstimator(
            catalog, output, column, data => EnginePlan.Ssa(rule, SsaModel.Fit(SeriesColumn.Read(data, column, trainingWindowSize), seasonalityWindowSize), error));
    }
}
