using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.History;
using Microsoft.Data.Sqlite;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace AgentSentinel.Service.Sinks;

/// <summary>
/// The hours around an alert out of history: what the strongest evidence counts, minute by minute, the usual range where it is known, and the
/// minutes that scored. Small enough for a Teams card.
/// </summary>
internal sealed class AlertChart(SeriesQueries history) : IAlertChart
{
    private const int Width = 420;
    private const int Height = 170;
    private const int MaxTitle = 60;
    private const int FewestPoints = 2;

    // A minute that would come by chance once in ten days is marked.
    private const double MarkedScore = 1;

    private static readonly TimeSpan Before = TimeSpan.FromHours(3);
    private static readonly TimeSpan After = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    public async Task<byte[]?> DrawAsync(Alert alert, CancellationToken cancellationToken)
    {
        if (alert is not { FirstEventTime: { } first, LastEventTime: { } last, Evidence: [var strongest, ..] })
        {
            return null;
        }

        try
        {
            // SQLite and drawing are work, not waiting: not on the caller's thread.
            return await Task.Run(() => Draw(alert, strongest, first, last), cancellationToken);
        }
        catch (Exception e) when (e is HistoryUnavailableException or SqliteException)
        {
            // Best effort of a best effort: the alert goes without a picture.
            return null;
        }
    }

    private byte[]? Draw(Alert alert, Evidence evidence, DateTimeOffset first, DateTimeOffset last)
    {
        var before = last + After;
        var from = first - Before > before - Longest ? first - Before : before - Longest;
        var points = history.Points(alert.AgentId, WindowDimension.Agent, "", false, SeriesResolution.Minute, from, before);
        if (points.Count < FewestPoints)
        {
            return null;
        }

        var (name, value) = SeriesOf(evidence.Feature);
        var times = points.Select(p => p.Start.UtcDateTime.ToOADate()).ToArray();
        var values = points.Select(value).ToArray();
        using var plot = new Plot();
        if (name == "calls" && points.Any(p => p.ExpectedHigh is not null))
        {
            var band = plot.Add.FillY(times, [.. points.Select(p => p.ExpectedLow ?? 0)], [.. points.Select(p => p.ExpectedHigh ?? 0)]);
            band.FillColor = Colors.SteelBlue.WithAlpha(0.25);
            band.LineWidth = 0;
            band.LegendText = "usual";
        }

        var line = plot.Add.ScatterLine(times, values, Colors.Black);
        line.LegendText = $"{name} per minute";
        var marked = Enumerable.Range(0, points.Count).Where(i => points[i].Score >= MarkedScore).ToArray();
        if (marked.Length > 0)
        {
            var anomalies = plot.Add.ScatterPoints(marked.Select(i => times[i]).ToArray(), marked.Select(i => values[i]).ToArray(), Colors.Red);
            anomalies.LegendText = "anomalous";
        }

        plot.Axes.DateTimeTicksBottom().TickGenerator = new DateTimeAutomatic { LabelFormatter = time => time.ToString("HH:mm", CultureInfo.InvariantCulture) };
        plot.Title(IncidentText.Cut($"{first.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} UTC, {PlainText.Of(alert.AgentId)}", MaxTitle), size: 10);
        plot.ShowLegend(Alignment.UpperLeft);

        // Shades are what makes a picture long.
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.HideGrid();
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

    private static (string Name, Func<SeriesPoint, double> Value) SeriesOf(string feature) => feature.Split('_')[0] switch
    {
        "records" => ("records", p => p.Records),
        "bytes" => ("bytes", p => p.Bytes),
        "tokens" => ("tokens", p => p.Tokens),
        "errors" => ("failures", p => p.Failures),
        "denials" => ("denials", p => p.Denials),
        _ => ("calls", p => p.Calls),
    };
}
