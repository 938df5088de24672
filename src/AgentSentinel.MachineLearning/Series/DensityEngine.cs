using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>An engine whose raw scores are judged by where they fall in the kernel density of those before.</summary>
public abstract class DensityEngine : SeriesEngine
{
    private readonly DensityRule _rule;
    private readonly KernelWindow _window;
    private readonly Betting? _betting;

    private protected DensityEngine(DensityRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        _rule = rule;
        _window = new KernelWindow(rule.HistoryLength);
        _betting = rule.Martingale != MartingaleType.None ? new Betting(rule) : null;
    }

    /// <inheritdoc/>
    public sealed override bool IsReady => _window.Count >= _window.Capacity - 1;

    /// <inheritdoc/>
    public sealed override EngineScore Score(float value)
    {
        var raw = RawScore(Finite.Bound(value), out var expected);
        if (double.IsNaN(raw))
        {
            return new EngineScore(false, double.NaN, double.NaN, double.NaN, double.NaN, expected ?? double.NaN, _window.Deviation);
        }

        var pValue = _rule.PValue(_window.UpperTail(Finite.Bound((float)raw), out var mean));
        var isFull = IsReady;
        if (!_rule.FindsChanges)
        {
            var isSpike = isFull && pValue <= _rule.PValueThreshold;
            return new EngineScore(isSpike, raw, pValue, double.NaN, double.NaN, expected ?? mean, _window.Deviation);
        }

        // A martingale beyond the range of numbers is given as the largest one.
        var log = _betting?.LogMartingale(pValue) ?? double.NaN;
        var isChange = isFull && _betting?.IsAlert(log) == true;
        return new EngineScore(isChange, raw, pValue, Math.Min(Math.Exp(log), double.MaxValue), double.NaN, expected ?? mean, _window.Deviation);
    }

    /// <inheritdoc/>
    public sealed override double Surprisal(in EngineScore score) => IsReady && !double.IsNaN(score.PValue) ? _rule.Surprisal(score) : 0;

    /// <inheritdoc/>
    public sealed override void Learn(float value, in EngineScore score)
    {
        Advance(value, score, learnedRaw: RawScore(value, out _));
    }

    /// <inheritdoc/>
    public sealed override void Follow(float value, in EngineScore score) => Advance(value, score, double.NaN);

    /// <inheritdoc/>
    public override void Interrupt() => _betting?.Settle();

    /// <inheritdoc/>
    public sealed override void Acknowledge() => _betting?.Settle();

    /// <inheritdoc/>
    public override void Save(MemoryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _window.Save(writer);
        _betting?.Save(writer);
    }

    /// <inheritdoc/>
    public override void Load(ref MemoryReader reader)
    {
        _window.Load(ref reader);
        _betting?.Load(ref reader);
    }

    /// <summary>How far a value is from what was expected; NaN for NaN.</summary>
    /// <param name="value">NaN or finite.</param>
    /// <param name="expected">The value expected, or null when it is the mean of those before.</param>
    private protected abstract double RawScore(float value, out double? expected);

    /// <summary>Moves on to the next value. NaN and infinities are not shown.</summary>
    private protected virtual void Consume(float value)
    {
    }

    private void Advance(float value, in EngineScore score, double learnedRaw)
    {
        if (!float.IsNaN(value) && !double.IsNaN(score.PValue))
        {
            _betting?.Place(score.PValue, IsReady);
        }

        if (!float.IsFinite(value))
        {
            return;
        }

        if (float.IsFinite((float)learnedRaw))
        {
            _window.Add((float)learnedRaw);
        }

        Consume(value);
    }
}
