using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// Spikes and change points of a series with trend and seasons: the raw score is how far a value is from the forecast of an <see cref="SsaModel"/>, which other engines may share.
/// The forecast is made before the value is seen.
/// </summary>
public sealed class SsaEngine : DensityEngine
{
    private readonly SsaForecaster _forecaster;
    private readonly ErrorFunction _error;

    /// <summary>Continues the series that the model was trained on.</summary>
    /// <param name="rule">When it alerts.</param>
    /// <param name="model">The model.</param>
    /// <param name="error">The measure of the raw score.</param>
    public SsaEngine(DensityRule rule, SsaModel model, ErrorFunction error = ErrorFunction.SignedDifference)
        : this(rule, new SsaForecaster(model), error)
    {
    }

    internal SsaEngine(DensityRule rule, SsaForecaster forecaster, ErrorFunction error)
        : base(rule)
    {
        _forecaster = forecaster;
        _error = error;
    }

    /// <inheritdoc/>
    public override void Interrupt()
    {
        base.Interrupt();
        _forecaster.Restart();
    }

    /// <inheritdoc/>
    public override void Save(MemoryWriter writer)
    {
        base.Save(writer);
        _forecaster.Save(writer);
    }

    /// <inheritdoc/>
    public override void Load(ref MemoryReader reader)
    {
        base.Load(ref reader);
        _forecaster.Load(ref reader);
    }

    private protected override double RawScore(float value, out double? expected)
    {
        double forecast = _forecaster.Next;
        expected = forecast;
        var difference = value - forecast;
        return _error switch
        {
            _ when float.IsNaN(value) => double.NaN,
            ErrorFunction.AbsoluteDifference => Math.Abs(difference),
            ErrorFunction.SignedProportion => forecast == 0 ? 0 : difference / forecast,
            ErrorFunction.AbsoluteProportion => forecast == 0 ? 0 : Math.Abs(difference / forecast),
            ErrorFunction.SquaredDifference => difference * difference,
            _ => difference,
        };
    }

    private protected override void Consume(float value) => _forecaster.Consume(value);
}
