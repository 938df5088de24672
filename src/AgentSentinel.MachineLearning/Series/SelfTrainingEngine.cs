using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// An <see cref="SsaEngine"/> for a series that nobody has trained on: it fits a model to the first values itself, once, and scores those after them. Until then it has no opinion.
/// Of the model it keeps the coefficients alone (16 bytes per value of the season), and forecasts from the real last values, not from smoothed ones.
/// </summary>
/// <param name="rule">When it alerts.</param>
/// <param name="trainingLength">Number of values to fit to: more than twice the season.</param>
/// <param name="seasonLength">Longest season, in values.</param>
/// <remarks>Fitting costs about a millisecond at a season of 24 and 168 values, within the <see cref="Learn"/> of the last of them.</remarks>
public sealed class SelfTrainingEngine(DensityRule rule, int trainingLength, int seasonLength) : SeriesEngine
{
    private const double LargestCoefficient = 1e12;

    private float[]? _training = new float[Valid(trainingLength, seasonLength)];
    private int _collected;
    private double[] _coefficients = [];
    private SsaEngine? _engine;

    /// <inheritdoc/>
    public override bool IsReady => _engine?.IsReady == true;

    /// <inheritdoc/>
    public override EngineScore Score(float value) =>
        _engine?.Score(value) ?? new EngineScore(false, double.NaN, double.NaN, double.NaN, double.NaN, float.IsNaN(value) ? 0 : Finite.Bound(value), 0);

    /// <inheritdoc/>
    public override double Surprisal(in EngineScore score) => _engine?.Surprisal(score) ?? 0;

    /// <inheritdoc/>
    public override void Learn(float value, in EngineScore score)
    {
        if (_training is null)
        {
            _engine!.Learn(value, score);
        }
        else if (float.IsFinite(value))
        {
            _training[_collected++] = value;
            Train(_training);
        }
    }

    /// <inheritdoc/>
    public override void Follow(float value, in EngineScore score) => _engine?.Follow(value, score);

    /// <inheritdoc/>
    public override void Acknowledge() => _engine?.Acknowledge();

    /// <inheritdoc/>
    public override void Interrupt() => _engine?.Interrupt();

    /// <inheritdoc/>
    public override void Save(MemoryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteBoolean(_training is null);
        if (_training is not null)
        {
            writer.WriteVariable((ulong)_collected);
            foreach (var value in _training.AsSpan(0, _collected))
            {
                writer.WriteSingle(value);
            }

            return;
        }

        writer.WriteVariable((ulong)_coefficients.Length);
        foreach (var coefficient in _coefficients)
        {
            writer.WriteDouble(coefficient);
        }

        _engine!.Save(writer);
    }

    /// <inheritdoc/>
    public override void Load(ref MemoryReader reader)
    {
        if (reader.ReadBoolean())
        {
            LoadTrained(ref reader);
            return;
        }

        _engine = null;
        _training = new float[trainingLength];
        _collected = (int)reader.ReadUpTo(trainingLength - 1);
        for (var i = 0; i < _collected; i++)
        {
            _training[i] = Finite.Read(ref reader);
        }
    }

    private static int Valid(int trainingLength, int seasonLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seasonLength, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seasonLength, SsaModel.LongestWindow);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(trainingLength, 2 * seasonLength);
        return trainingLength;
    }

    private void Train(float[] training)
    {
        if (_collected == training.Length)
        {
            _coefficients = Array.ConvertAll(SsaModel.Fit(training, seasonLength).Coefficients, value => Math.Clamp(value, -LargestCoefficient, LargestCoefficient));
            _engine = Trained(training);
            _training = null;
        }
    }

    // A plain series has a model of a shorter window, so the number of coefficients is not fixed by the options; nor the same for engine and scratch.
    private void LoadTrained(ref MemoryReader reader)
    {
        var count = (int)reader.ReadUpTo(2 * (seasonLength - 1));
        if (count < 2 || count % 2 != 0)
        {
            throw reader.Damaged("a number of coefficients that its owner cannot have");
        }

        if (_engine is null || _coefficients.Length != count)
        {
            _coefficients = new double[count];
            _engine = Trained(new float[count]);
        }

        for (var i = 0; i < count; i++)
        {
            _coefficients[i] = reader.ReadWithin(-LargestCoefficient, LargestCoefficient);
        }

        _training = null;
        _engine.Load(ref reader);
    }

    private SsaEngine Trained(ReadOnlySpan<float> history) => new(rule, new SsaForecaster(_coefficients, history), ErrorFunction.SignedDifference);
}
