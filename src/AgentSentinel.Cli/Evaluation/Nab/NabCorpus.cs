using System.Globalization;
using System.Text.Json;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Cli.Scoring;

namespace AgentSentinel.Cli.Evaluation.Nab;

/// <summary>
/// Reads the benchmark from a folder: <c>data/CATEGORY/SERIES.csv</c> and <c>windows.json</c>, which gives for each series the labelled windows as
/// pairs of times. Files may be gzipped and are then called .csv.gz.
/// </summary>
internal static class NabCorpus
{
    /// <summary>Reads all series, in order of their names.</summary>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public static IReadOnlyList<NabSeries> Read(string folder)
    {
        var windows = ReadWindows(Path.Combine(folder, "windows.json"));
        return [.. windows.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => ReadSeries(Path.Combine(folder, "data"), w.Key, w.Value))];
    }

    /// <summary>Reads what some detector made of a series: a file under the series' name with the columns timestamp and anomaly_score.</summary>
    /// <exception cref="InvalidDataException">The rows are not those of the series.</exception>
    public static IReadOnlyList<double> ReadScores(string folder, NabSeries series)
    {
        var (times, scores) = ReadColumns(folder, series.Name);
        return times.SequenceEqual(series.Times) ? scores : throw new InvalidDataException($"{Path.Combine(folder, series.Name)}: other rows than the series has.");
    }

    private static Dictionary<string, string[][]> ReadWindows(string file)
    {
        using var stream = File.OpenRead(file);
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string[][]>>(stream) ?? [];
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file}: {error.Message}", error);
        }
    }

    private static NabSeries ReadSeries(string folder, string name, string[][] windows)
    {
        var (times, values) = ReadColumns(folder, name);
        return new NabSeries(name, times, values, [.. windows.Select(w => Rows(times, w, name))]);
    }

    private static (int First, int Last) Rows(List<DateTimeOffset> times, string[] window, string name)
    {
        if (window.Length != 2 || !TryParseTime(window[0], out var start) || !TryParseTime(window[1], out var end))
        {
            throw new InvalidDataException($"windows.json: a window of {name} is not a pair of times.");
        }

        var (first, last) = (times.FindIndex(t => t >= start && t <= end), times.FindLastIndex(t => t >= start && t <= end));
        return first >= 0 ? (first, last) : throw new InvalidDataException($"windows.json: {name} has no rows from {start:u} to {end:u}.");
    }

    private static bool TryParseTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static (List<DateTimeOffset> Times, List<double> Values) ReadColumns(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        file = File.Exists(file) ? file : file + ".gz";
        using var reader = new StreamReader(Files.OpenRead(file));
        var (times, values) = (new List<DateTimeOffset>(), new List<double>());
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (number == 1 && SeriesRow.IsHeader(line))
            {
                continue;
            }

            if (!SeriesRow.TryParse(line, out var row, out var error))
            {
                throw new InvalidDataException($"{file}:{number}: {error}.");
            }

            times.Add(row.Time);
            values.Add(row.Value);
        }

        return (times, values);
    }
}
