using System.Numerics;
using System.Runtime.CompilerServices;
using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// Spectral residual (Ren et al. 2019, "Time-series anomaly detection service at Microsoft", without its neural network): the raw score is how far the newest
/// value's saliency is from the mean of the last ones', over ten times that mean. No alert and scores of 0 until a window is full. Besides the last values it
/// remembers only the mean of its raw scores, which are no probabilities: <see cref="Surprisal"/> takes them as exponential around that mean.
/// </summary>
/// <param name="rule">Sizes and threshold.</param>
public sealed class SpectralResidualEngine(SpectralResidualRule rule) : SeriesEngine
{
    private const double LeastSalience = 1e-8;
    private const double LeastNormal = 1e-30;

    // Scores that their mean remembers, and what it is taken for before there are any: ordinary counts give 0.03 to 0.1.
    private const int Memory = 1000;
    private const int PriorScores = 30;
    private const double PriorMean = 0.05;
    private const double LeastRaw = 1e-6;

    // A raw score is a tenth of the newest salience's distance from a mean that it is itself in.
    private const double LargestRaw = 1024;

    // All but the newest value of a window.
    private readonly float[] _last = new float[rule.WindowSize - 1];
    private int _first;
    private int _count;
    private long _scored = PriorScores;
    private double _meanRaw = PriorMean;

    /// <inheritdoc/>
    public override bool IsReady => _count == _last.Length;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override EngineScore Score(float value)
    {
        value = Finite.Bound(value);
        if (float.IsNaN(value) || !IsReady)
        {
            return new EngineScore(false, 0, double.NaN, double.NaN, 0, double.IsNaN(value) ? 0 : value, 0);
        }

        Span<float> window = stackalloc float[rule.WindowSize + rule.BackAddWindowSize + Vector<float>.Count];
        _last.AsSpan(_first).CopyTo(window);
        _last.AsSpan(0, _first).CopyTo(window[(_last.Length - _first)..]);
        window[_last.Length] = value;
        window[rule.WindowSize..].Clear();
        var scale = Normalize(window, Extrapolate(window));
        var (expected, deviation) = Usual(window[.._last.Length]);
        Span<float> saliences = stackalloc float[rule.Transform.Outputs];
        var rounding = rule.Transform.Apply(window[..^Vector<float>.Count], (float)scale, saliences);
        var total = 0f;
        foreach (var salience in saliences[..rule.JudgementWindowSize])
        {
            total += salience;
        }

        double newest = saliences[rule.JudgementWindowSize - 1];
        double usual = total / rule.JudgementWindowSize;
        var raw = Math.Abs(newest - usual) / Math.Max(usual, Math.Max(rounding, LeastSalience)) / 10;
        return new EngineScore(raw > rule.Threshold, raw, double.NaN, double.NaN, newest, expected / scale, deviation / scale);
    }

    /// <inheritdoc/>
    public override double Surprisal(in EngineScore score) =>
        score.Raw / _meanRaw / Math.Log(10);

    /// <inheritdoc/>
    public override void Learn(float value, in EngineScore score)
    {
        // A window without any rhythm, of zeros say, scores 0 and tells nothing of the scores of one that has some.
        if (IsReady && float.IsFinite(value) && score.Raw > LeastRaw)
        {
            _scored = Math.Min(_scored + 1, Memory);
            _meanRaw += (score.Raw - _meanRaw) / _scored;
        }

        Follow(value, score);
    }

    /// <inheritdoc/>
    public override void Follow(float value, in EngineScore score)
    {
        if (!float.IsFinite(value))
        {
            return;
        }

        if (_count < _last.Length)
        {
            _last[_count++] = value;
            return;
        }

        _last[_first] = value;
        _first = _first + 1 == _last.Length ? 0 : _first + 1;
    }

    /// <inheritdoc/>
    public override void Interrupt() => _first = _count = 0;

    /// <inheritdoc/>
    public override void Save(MemoryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteVariable((ulong)_count);
        for (var i = 0; i < _count; i++)
        {
            writer.WriteSingle(_last[(_first + i) % _last.Length]);
        }

        writer.WriteVariable((ulong)_scored);
        writer.WriteDouble(_meanRaw);
    }

    /// <inheritdoc/>
    public override void Load(ref MemoryReader reader)
    {
        _first = 0;
        _count = (int)reader.ReadUpTo(_last.Length);
        for (var i = 0; i < _count; i++)
        {
            _last[i] = Finite.Read(ref reader);
        }

        _scored = reader.ReadUpTo(Memory);
        _meanRaw = reader.ReadWithin(LeastRaw, LargestRaw);
    }

    // In 32 bits, as the values are normalized, and in two passes, so that a level far from 0 takes nothing from the deviation.
    private static (double Mean, double Deviation) Usual(ReadOnlySpan<float> values)
    {
        var whole = values.Length - (values.Length % Vector<float>.Count);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < whole; i += Vector<float>.Count)
        {
            sums += new Vector<float>(values[i..]);
        }

        var sum = Vector.Sum(sums);
        foreach (var value in values[whole..])
        {
            sum += value;
        }

        var mean = sum / values.Length;
        var (center, squares) = (new Vector<float>(mean), Vector<float>.Zero);
        for (var i = 0; i < whole; i += Vector<float>.Count)
        {
            var distance = new Vector<float>(values[i..]) - center;
            squares += distance * distance;
        }

        var square = Vector.Sum(squares);
        foreach (var value in values[whole..])
        {
            square += (value - mean) * (value - mean);
        }

        return (mean, Math.Sqrt(square / values.Length));
    }

    // From the values before the newest, so that an odd one does not extrapolate itself: the mean slope up to the last of them, times their number, from the second of them.
    private double Extrapolate(ReadOnlySpan<float> window)
    {
        var look = rule.LookaheadWindowSize;
        var before = window.Slice(rule.WindowSize - look - 2, look + 1);
        double last = before[look];
        var slopes = 0.0;
        for (var i = 0; i < look; i++)
        {
            slopes += (last - before[i]) / (look - i);
        }

        return before[1] + slopes;
    }

    // Saliences don't depend on the scale; 32-bit squares of large values would. The largest value comes between 1 and 2; the window has room for whole vectors.
    private double Normalize(Span<float> window, double extrapolated)
    {
        var largest = Vector<float>.Zero;
        for (var i = 0; i < rule.WindowSize; i += Vector<float>.Count)
        {
            largest = Vector.Max(largest, Vector.Abs(new Vector<float>(window[i..])));
        }

        var most = Math.Abs(extrapolated);
        for (var i = 0; i < Vector<float>.Count; i++)
        {
            most = Math.Max(most, largest[i]);
        }

        // Below the range of normal numbers a value is as good as 0. The power of two changes no digit.
        var scale = most > LeastNormal ? Math.ScaleB(1, -Math.ILogB(most)) : 1;
        var factor = new Vector<float>((float)scale);
        for (var i = 0; i < rule.WindowSize; i += Vector<float>.Count)
        {
            (new Vector<float>(window[i..]) * factor).CopyTo(window[i..]);
        }

        window.Slice(rule.WindowSize, rule.BackAddWindowSize).Fill((float)(extrapolated * scale));
        return scale;
    }
}
