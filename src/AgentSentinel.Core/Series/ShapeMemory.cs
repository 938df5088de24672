namespace AgentSentinel.Core.Series;

/// <summary>
/// How unlike all remembered days the last day is: the distance of the shape of the last 24 hours (16 means of 90 minutes) to its nearest neighbour
/// among 64 stored ones, a bounded discord (Keogh, Lin and Fu 2005). Which shapes are kept is decided by a fixed pseudo-random sequence.
/// About 4 KB.
/// </summary>
internal sealed class ShapeMemory
{
    private const int Points = 16;
    private const int Shapes = 64;
    private const int LeastShapes = 20;
    private const long TicksPerPoint = 90 * TimeSpan.TicksPerMinute;

    private readonly float[] _stored = new float[Shapes * Points];
    private readonly float[] _shape = new float[Points];
    private long _slot = long.MinValue;
    private double _sum;
    private int _rows;
    private long _seen;
    private ulong _random = 0x9E3779B97F4A7C15;

    /// <summary>Root mean square difference of the last full shape to the nearest stored one, in the series' unit; 0 while too few are stored.</summary>
    public double Distance { get; private set; }

    /// <summary>Adds a row.</summary>
    public void Add(DateTimeOffset time, double value)
    {
        var slot = time.UtcTicks / TicksPerPoint;
        if (slot != _slot)
        {
            Complete();
            _slot = slot;
            (_sum, _rows) = (0, 0);
        }

        _sum += value;
        _rows++;
    }

    private void Complete()
    {
        if (_rows == 0)
        {
            return;
        }

        _shape.AsSpan(0, Points - 1).CopyTo(_shape.AsSpan(1));
        _shape[0] = (float)(_sum / _rows);
        _seen++;
        if (_seen < Points)
        {
            return;
        }

        var shapes = _seen - Points;
        var stored = (int)Math.Min(shapes, Shapes);
        Distance = stored > LeastShapes ? Nearest(stored) : 0;
        if (shapes < Shapes)
        {
            Store((int)shapes);
            return;
        }

        // A shape replaces one in eight times, so that the memory reaches back about eight times its size: a month.
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        var place = (int)(_random % (ulong)Math.Min(shapes + 1, Shapes * 8));
        if (place < Shapes)
        {
            Store(place);
        }
    }

    private void Store(int place) => _shape.CopyTo(_stored.AsSpan(place * Points));

    private double Nearest(int stored)
    {
        var least = double.MaxValue;
        for (var i = 0; i < stored; i++)
        {
            var shape = _stored.AsSpan(i * Points, Points);
            var sum = 0.0;
            for (var k = 0; k < Points; k++)
            {
                double difference = _shape[k] - shape[k];
                sum += difference * difference;
            }

            least = Math.Min(least, sum);
        }

        return Math.Sqrt(least / Points);
    }
}
