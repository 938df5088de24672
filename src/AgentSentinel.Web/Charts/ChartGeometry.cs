using System.Globalization;
using System.Text;

namespace AgentSentinel.Web.Charts;

/// <summary>
/// Where things are in a chart, in a square of 1000 by 1000 that is stretched to whatever room there is: the lines are SVG, the words are HTML
/// at the same places, so that they stay readable on a phone.
/// </summary>
internal sealed class ChartGeometry
{
    /// <summary>Side of the square.</summary>
    public const double Side = 1000;

    private const int MostTicks = 4;
    private const int MostTimeTicks = 6;

    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2),
        TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromDays(1), TimeSpan.FromDays(2), TimeSpan.FromDays(7), TimeSpan.FromDays(28), TimeSpan.FromDays(84),
    ];

    private readonly IReadOnlyList<ChartPoint> _points;
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _before;
    private readonly TimeSpan _slot;

    public ChartGeometry(IReadOnlyList<ChartPoint> points, IEnumerable<ChartMark> marks, DateTimeOffset from, DateTimeOffset before, TimeSpan slot)
    {
        (_points, _from, _before, _slot) = (points, from, before, slot);
        var largest = points.Select(p => Math.Max(p.Value ?? 0, p.High ?? 0)).Concat(marks.Select(m => m.Expected?.High ?? 0)).Append(0).Max();
        (Top, Ticks) = Scale(largest);
    }

    /// <summary>The value at the upper edge.</summary>
    public double Top { get; }

    /// <summary>Values that are written beside the chart.</summary>
    public IReadOnlyList<double> Ticks { get; }

    public double X(DateTimeOffset time) => Side * Math.Clamp((time - _from) / (_before - _from), 0, 1);

    public double Y(double value) => Side * (1 - Math.Clamp(value / Top, 0, 1));

    /// <summary>Moments that are written below the chart.</summary>
    public IReadOnlyList<(DateTimeOffset Time, string Text)> TimeTicks()
    {
        var span = _before - _from;
        var step = Array.Find(Steps, s => span / s <= MostTimeTicks) is { Ticks: > 0 } fitting ? fitting : Steps[^1];
        var ticks = new List<(DateTimeOffset, string)>();
        for (var at = (_from.UtcTicks / step.Ticks * step.Ticks) + step.Ticks; at < _before.UtcTicks; at += step.Ticks)
        {
            var time = new DateTimeOffset(at, TimeSpan.Zero);
            var format = step >= TimeSpan.FromDays(1) || (time.TimeOfDay == TimeSpan.Zero && span > TimeSpan.FromHours(12)) ? "d MMM" : "HH:mm";
            ticks.Add((time, time.ToString(format, CultureInfo.InvariantCulture)));
        }

        return ticks;
    }

    /// <summary>What was seen, as steps: a count belongs to the whole of its slot.</summary>
    public string Line()
    {
        var path = new StringBuilder();
        var isDrawing = false;
        foreach (var point in _points)
        {
            if (point.Value is not { } value)
            {
                isDrawing = false;
                continue;
            }

            Append(path, isDrawing ? 'L' : 'M', X(point.Start), Y(value));
            Append(path, 'L', X(point.Start + _slot), Y(value));
            isDrawing = true;
        }

        return path.ToString();
    }

    /// <summary>The area below the line.</summary>
    public string Area() => Closed(p => p.Value, _ => 0);

    /// <summary>The usual range.</summary>
    public string Band() => Closed(p => p.High, p => p.Low ?? 0);

    /// <summary>The value that the line has at a moment.</summary>
    public double ValueAt(DateTimeOffset time)
    {
        // A closed window is dated by its end, which is the begin of the next slot.
        var at = _points.LastOrDefault(p => p.Start < time && time <= p.Start + _slot);
        return at.Value ?? 0;
    }

    private string Closed(Func<ChartPoint, double?> upper, Func<ChartPoint, double> lower)
    {
        var path = new StringBuilder();
        for (var i = 0; i < _points.Count; i++)
        {
            if (upper(_points[i]) is null)
            {
                continue;
            }

            var end = i;
            while (end + 1 < _points.Count && upper(_points[end + 1]) is not null)
            {
                end++;
            }

            for (var j = i; j <= end; j++)
            {
                Append(path, j == i ? 'M' : 'L', X(_points[j].Start), Y(upper(_points[j])!.Value));
                Append(path, 'L', X(_points[j].Start + _slot), Y(upper(_points[j])!.Value));
            }

            for (var j = end; j >= i; j--)
            {
                Append(path, 'L', X(_points[j].Start + _slot), Y(lower(_points[j])));
                Append(path, 'L', X(_points[j].Start), Y(lower(_points[j])));
            }

            path.Append('Z');
            i = end;
        }

        return path.ToString();
    }

    private static void Append(StringBuilder path, char command, double x, double y) => path.Append(CultureInfo.InvariantCulture, $"{command}{x:0.#} {y:0.#}");

    /// <summary>A round number above the largest value, and the round numbers up to there.</summary>
    private static (double Top, IReadOnlyList<double> Ticks) Scale(double largest)
    {
        if (!double.IsFinite(largest) || largest <= 0)
        {
            return (1, [0, 1]);
        }

        var rough = largest * 1.08 / MostTicks;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = magnitude * (rough / magnitude) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 };
        var count = Math.Max(1, (int)Math.Ceiling(largest * 1.08 / step));
        return (count * step, [.. Enumerable.Range(0, count + 1).Select(i => i * step)]);
    }
}
