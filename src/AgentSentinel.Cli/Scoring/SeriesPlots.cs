using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentSentinel.Core.Series;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace AgentSentinel.Cli.Scoring;

/// <summary>Draws scored series as PNG: the values, the band that was expected, and the alerts.</summary>
internal sealed class SeriesPlots
{
    private const int Width = 1600;
    private const int Height = 500;
    private const int LongestName = 60;
    private const double LongestByTime = 5;

    /// <summary>Most series of a file that are drawn.</summary>
    public const int Most = 200;

    private readonly string _folder;
    private readonly TextWriter _log;
    private readonly Dictionary<string, PlottedSeries> _series = new(StringComparer.Ordinal);

    // Names of pictures, which some file systems take for one whatever the case.
    private readonly HashSet<string> _drawn = new(StringComparer.OrdinalIgnoreCase);
    private long _leftOut;

    /// <summary>Plots into a folder.</summary>
    /// <param name="folder">Where the pictures go.</param>
    /// <param name="log">Takes messages.</param>
    public SeriesPlots(string folder, TextWriter log)
    {
        (_folder, _log) = (folder, log);
        if (SKFontManager.Default.FontFamilyCount == 0)
        {
            log.WriteLine("No fonts are installed: plots will have no text. On Debian, fonts-dejavu-core is enough.");
        }
    }

    /// <summary>Adds a scored row of the file that is being read.</summary>
    public void Add(in SeriesRow row, in SeriesScore score)
    {
        var byName = _series.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!byName.TryGetValue(row.Series, out var series))
        {
            if (_series.Count == Most)
            {
                _leftOut++;
                return;
            }

            byName[row.Series] = series = new PlottedSeries();
        }

        series.Add(row, score);
    }

    /// <summary>Draws the series of a file, and forgets them.</summary>
    public void Draw(string file)
    {
        var name = Stem(Path.GetFileName(file));
        foreach (var (seriesName, series) in _series.Where(s => s.Value.Stretches.Count > 0))
        {
            var picture = seriesName.Length == 0 ? name : $"{name}.{FileName(seriesName)}";
            picture = _drawn.Add(picture) ? picture : $"{picture}-{Digest($"{Path.GetFileName(file)}\n{seriesName}")}";
            Draw(series, Title(seriesName.Length == 0 ? name : $"{name}: {seriesName}"), Path.Combine(_folder, picture + ".png"));
        }

        if (_leftOut > 0)
        {
            _log.WriteLine($"{file}: only the first {Most} series were drawn; {_leftOut:N0} rows are of others");
        }

        Forget();
    }

    /// <summary>Forgets what was added of a file that could not be read to its end: it is not the next one's.</summary>
    public void Forget()
    {
        _series.Clear();
        _leftOut = 0;
    }

    private static void Draw(PlottedSeries series, string title, string path)
    {
        var stretches = series.Stretches;
        var times = stretches.Select(s => s.Time).ToArray();
        using var plot = new Plot();
        var band = plot.Add.FillY(times, [.. stretches.Select(s => s.ExpectedLow)], [.. stretches.Select(s => s.ExpectedHigh)]);
        band.FillColor = Colors.SteelBlue.WithAlpha(0.25);
        band.LineWidth = 0;
        band.LegendText = "expected";

        var line = plot.Add.ScatterLine(
            stretches.SelectMany(s => new[] { s.Time, s.Time }).ToArray(),
            stretches.SelectMany(s => new[] { s.Low, s.High }).ToArray(),
            Colors.Black);
        line.LegendText = "actual";
        var alerts = series.Alerts.ToArray();
        if (alerts.Length > 0)
        {
            var points = plot.Add.ScatterPoints(alerts.Select(a => a.Time).ToArray(), alerts.Select(a => a.Value).ToArray(), Colors.Red);
            points.MarkerSize = 10;
            points.MarkerShape = MarkerShape.OpenCircle;
            points.MarkerLineWidth = 2;
            points.LegendText = "alert";
        }

        // Within days the time matters, beyond them the date.
        var format = times[^1] - times[0] > LongestByTime ? "yyyy-MM-dd" : "MM-dd HH:mm";
        plot.Axes.DateTimeTicksBottom().TickGenerator = new DateTimeAutomatic { LabelFormatter = time => time.ToString(format, CultureInfo.InvariantCulture) };
        plot.Title(title);
        plot.ShowLegend(Alignment.UpperLeft);

        // By the values: a band may be far wider, as after an outlier.
        var (low, high) = (stretches.Min(s => s.Low), stretches.Max(s => s.High));
        var margin = Math.Max((high - low) * 0.08, Math.Max(Math.Abs(high) * 1e-6, 1e-9));
        plot.Axes.SetLimitsY(low - margin, high + margin);
        using var file = new PartialFile(path);
        plot.SavePng(file.Path, Width, Height);
        file.Complete();
    }

    private static string Stem(string file)
    {
        var name = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
        return name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
    }

    // A series' name is data: nothing in it may lead out of the folder, and different names must stay different.
    private static string FileName(string series)
    {
        var safe = string.Concat(series.Take(LongestName).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        return safe == series ? safe : $"{safe}-{Digest(series)}";
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));

    private static string Title(string text) => string.Concat(text.Take(2 * LongestName).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c));
}
