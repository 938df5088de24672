using AgentSentinel.Core.Detection;
using AgentSentinel.Service.History;

namespace AgentSentinel.Web.Charts;

/// <summary>A chart's slots and marks, out of history.</summary>
/// <param name="Points">Every slot, none left out.</param>
/// <param name="Marks">The anomalies within.</param>
/// <param name="From">Begin.</param>
/// <param name="Before">End.</param>
/// <param name="Slot">Length of a slot.</param>
public sealed record ChartData(IReadOnlyList<ChartPoint> Points, IReadOnlyList<ChartMark> Marks, DateTimeOffset From, DateTimeOffset Before, TimeSpan Slot)
{
    private const int MostSlots = 900;
    private const int LongestBridge = 60;

    /// <summary>Reads what a chart needs.</summary>
    /// <param name="history">Time series.</param>
    /// <param name="agentId">The agent.</param>
    /// <param name="name">Which of its series; null for the agent itself.</param>
    /// <param name="measure">What is drawn.</param>
    /// <param name="anomalies">Anomalies to mark.</param>
    /// <param name="span">Time that is drawn.</param>
    /// <param name="newest">Newest event time of the agent: what lies after it is not yet known.</param>
    public static ChartData Read(
        SeriesQueries history, string agentId, SeriesName? name, Measure measure, IReadOnlyList<AnomalyRow> anomalies, (DateTimeOffset From, DateTimeOffset Before) span, DateTimeOffset newest)
    {
        var resolution = history.Fitting(span.From, span.Before, newest, MostSlots);
        var slot = TimeSpan.FromMinutes((int)resolution);
        var (from, before) = (Floor(span.From, slot), Floor(span.Before + slot, slot));
        var seen = history.Points(agentId, name?.Dimension ?? WindowDimension.Agent, name?.Name ?? "", name?.IsRest ?? false, resolution, from, before).ToDictionary(p => p.Start);
        var points = new List<ChartPoint>();
        for (var at = from; at < before; at += slot)
        {
            var point = seen.GetValueOrDefault(at);

            // The usual range is that of a minute's calls: over longer slots it says nothing about their sum.
            var hasRange = point is not null && measure.Key == "calls" && name is null && resolution == SeriesResolution.Minute;
            points.Add(new ChartPoint(at, point is not null ? measure.Value(point) : at < newest ? 0 : null, hasRange ? point!.ExpectedLow : null, hasRange ? point!.ExpectedHigh : null));
        }

        Bridge(points);
        var marks = anomalies.Where(a => a.Time >= from && a.Time <= before).Select(a => MarkOf(a, measure, slot, name is null)).ToList();
        return new ChartData(points, marks, from, before, slot);
    }

    /// <summary>
    /// Minutes without a call are not kept, and with them what would have been usual: between two that are known, up to an hour apart, it is drawn as
    /// changing evenly.
    /// </summary>
    private static void Bridge(List<ChartPoint> points)
    {
        var last = -1;
        for (var i = 0; i < points.Count; i++)
        {
            if (points[i].High is not { } high)
            {
                continue;
            }

            if (last >= 0 && i - last is > 1 and <= LongestBridge)
            {
                var (low, fromLow, fromHigh) = (points[i].Low ?? 0, points[last].Low ?? 0, points[last].High!.Value);
                for (var j = last + 1; j < i; j++)
                {
                    var share = (double)(j - last) / (i - last);
                    points[j] = points[j] with { Low = fromLow + (share * (low - fromLow)), High = fromHigh + (share * (high - fromHigh)) };
                }
            }

            last = i;
        }
    }

    private static ChartMark MarkOf(AnomalyRow anomaly, Measure measure, TimeSpan slot, bool isAgent) => new(
        anomaly.Id,
        anomaly.Time,
        anomaly.Explanation,
        isAgent && measure.IsCountedBy(anomaly.Feature, anomaly.Time - anomaly.WindowStart, slot) ? (anomaly.WindowStart, anomaly.ExpectedLow, anomaly.ExpectedHigh) : null);

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan slot) => new(time.UtcTicks - (time.UtcTicks % slot.Ticks), TimeSpan.Zero);
}
