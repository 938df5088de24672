using System.Numerics;
using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// Where a series stands before an <see cref="SsaModel"/>: its last 2(L − 1) values, and the next one forecast. Owned by one engine; 8 bytes per value of the window,
/// and half as much again for the first L − 1 values, while smoothed training values stand in for real ones.
/// </summary>
internal sealed class SsaForecaster
{
    private readonly double[] _coefficients;
    private readonly SsaModel? _model;
    private readonly float[] _last;
    private int _first;

    // The smoothed values, until L − 1 real values have come; then null, and forecasts are dot products.
    private float[]? _smoothed;
    private int _consumed;

    /// <summary>Continues the training series from its smoothed end, as the reference does.</summary>
    public SsaForecaster(SsaModel model)
    {
        _model = model;
        _coefficients = model.Coefficients;
        _last = new float[_coefficients.Length];
        Restart();
    }

    /// <summary>Continues a series whose last values are known; needs nothing of a model but its coefficients.</summary>
    /// <param name="coefficients">See <see cref="SsaModel.Coefficients"/>.</param>
    /// <param name="history">At least as many values.</param>
    public SsaForecaster(double[] coefficients, ReadOnlySpan<float> history)
    {
        _coefficients = coefficients;
        _last = history[^coefficients.Length..].ToArray();
        _consumed = Half;
        Next = Forecast();
    }

    private int Half => _last.Length / 2;

    /// <summary>The forecast of the next value. Finite.</summary>
    public float Next { get; private set; }

    /// <summary>Moves on.</summary>
    /// <param name="value">Finite.</param>
    public void Consume(float value)
    {
        var smoothed = _smoothed;
        if (smoothed is null)
        {
            _last[_first] = value;
            _first = _first + 1 == _last.Length ? 0 : _first + 1;
            Next = Forecast();
            return;
        }

        _last[smoothed.Length + _consumed++] = value;
        Next = Smooth(_model!, smoothed, value);
        if (_consumed == smoothed.Length)
        {
            _smoothed = null;
        }
    }

    /// <summary>Back to the end of the training series; to silence, when it is not kept.</summary>
    public void Restart()
    {
        _first = 0;
        if (_model is null)
        {
            Array.Clear(_last);
            Next = Forecast();
            return;
        }

        _smoothed = (float[])_model.Smoothed.Clone();
        _smoothed.CopyTo(_last, 0);
        _consumed = 0;
        var next = 0.0;
        for (var i = 0; i < _smoothed.Length; i++)
        {
            next += (double)_smoothed[i] * _model.Recurrence[i];
        }

        Next = Bound(next, _smoothed[^1]);
    }

    public void Save(MemoryWriter writer)
    {
        // In the order of memory, not of time: where the ring begins decides the order of the forecast's sum.
        writer.WriteVariable((ulong)_consumed);
        writer.WriteVariable((ulong)_first);
        foreach (var value in _last.AsSpan(0, Half + _consumed))
        {
            writer.WriteSingle(value);
        }

        foreach (var value in _smoothed ?? [])
        {
            writer.WriteSingle(value);
        }

        writer.WriteSingle(Next);
    }

    public void Load(ref MemoryReader reader)
    {
        var half = Half;
        _consumed = (int)reader.ReadUpTo(half);
        if (_consumed < half && _model is null)
        {
            throw reader.Damaged("a begin that its owner cannot have");
        }

        _first = (int)reader.ReadUpTo(_consumed < half ? 0 : _last.Length - 1);
        for (var i = 0; i < half + _consumed; i++)
        {
            _last[i] = Finite.Read(ref reader);
        }

        _smoothed = _consumed < half ? new float[half] : null;
        for (var i = 0; i < _smoothed?.Length; i++)
        {
            _smoothed[i] = Finite.Read(ref reader);
        }

        Next = Finite.Read(ref reader);
    }

    // The means over overlapping windows, updated in place: each moves one towards the past and takes in what the newest window makes of it.
    private float Smooth(SsaModel model, float[] smoothed, float newest)
    {
        var half = smoothed.Length;
        var projected = SsaModel.Project(model.Basis, _last.AsSpan(_consumed - 1, half + 1));
        var next = 0.0;
        for (var i = 0; i < half - 1; i++)
        {
            smoothed[i] = (float)((((half - 1 - i) * (double)smoothed[i + 1]) + projected[i + 1]) / (half - i));
            next += (double)smoothed[i] * model.Recurrence[i];
        }

        smoothed[half - 1] = projected[half];
        next += (double)smoothed[half - 1] * model.Recurrence[half - 1];
        return Bound(next, newest);
    }

    private float Forecast()
    {
        var coefficients = _coefficients.AsSpan();
        var older = _last.AsSpan(_first);
        var next = Dot(older, coefficients[..older.Length]) + Dot(_last.AsSpan(0, _first), coefficients[older.Length..]);
        return Bound(next, _last[_first == 0 ? ^1 : _first - 1]);
    }

    private static double Dot(ReadOnlySpan<float> values, ReadOnlySpan<double> weights)
    {
        var sum = Vector<double>.Zero;
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out var low, out var high);
            sum += (low * new Vector<double>(weights[i..])) + (high * new Vector<double>(weights[(i + Vector<double>.Count)..]));
        }

        var total = Vector.Sum(sum);
        for (; i < values.Length; i++)
        {
            total += values[i] * weights[i];
        }

        return total;
    }

    // A forecast that is no number tells nothing: then the last value is the forecast.
    private static float Bound(double next, float last) => double.IsFinite(next) ? Finite.Bound((float)next) : last;
}
