using System.Numerics;
using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// Where a series stands before an <see cref="SsaModel"/>: its last 2(L − 1) values, and the next one forecast. Owned by one engine; 8 bytes per value of the window,
/// and half as much again for the first L − 1 values, while smoothed training values stand in for real ones.
/// </summary>
internal sealed class SsaForecaster
{
    private readonly SsaModel _model;
    private readonly float[] _last;
    private int _first;

    // The smoothed values, until L − 1 real values have come; then null, and forecasts are dot products.
    private float[]? _smoothed;
    private int _consumed;

    /// <summary>Continues the training series from its smoothed end.</summary>
    public SsaForecaster(SsaModel model)
    {
        _model = model;
        _last = new float[model.Coefficients.Length];
        Restart();
    }

    /// <summary>Continues a series whose last values are known.</summary>
    /// <param name="model">The model.</param>
    /// <param name="history">At least 2(L − 1) values.</param>
    public SsaForecaster(SsaModel model, ReadOnlySpan<float> history)
    {
        _model = model;
        _last = history[^model.Coefficients.Length..].ToArray();
        _consumed = model.WindowSize - 1;
        Next = Forecast();
    }

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
        Next = Smooth(smoothed, value);
        if (_consumed == smoothed.Length)
        {
            _smoothed = null;
        }
    }

    public void Restart()
    {
        _smoothed = (float[])_model.Smoothed.Clone();
        _smoothed.CopyTo(_last, 0);
        _first = 0;
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
        foreach (var value in _last.AsSpan(0, _model.WindowSize - 1 + _consumed))
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
        var half = _model.WindowSize - 1;
        _consumed = (int)reader.ReadUpTo(half);
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
    private float Smooth(float[] smoothed, float newest)
    {
        var half = smoothed.Length;
        var projected = SsaModel.Project(_model.Basis, _last.AsSpan(_consumed - 1, half + 1));
        var next = 0.0;
        for (var i = 0; i < half - 1; i++)
        {
            smoothed[i] = (float)((((half - 1 - i) * (double)smoothed[i + 1]) + projected[i + 1]) / (half - i));
            next += (double)smoothed[i] * _model.Recurrence[i];
        }

        smoothed[half - 1] = projected[half];
        next += (double)smoothed[half - 1] * _model.Recurrence[half - 1];
        return Bound(next, newest);
    }

    private float Forecast()
    {
        var coefficients = _model.Coefficients.AsSpan();
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
