using System.Globalization;
using System.Text.Json;

namespace AgentSentinel.Service.Influx;

/// <summary>What InfluxDB says, in JSON. Trusted no further than its numbers.</summary>
internal static class InfluxAnswer
{
    private const string Unparsed = "unable to parse '";
    private const string Dropped = "dropped=";

    /// <summary>How many points of a batch an error says were not stored: 1 to <paramref name="points"/>.</summary>
    public static int Rejected(ReadOnlyMemory<byte> error, int points)
    {
        try
        {
            using var json = JsonDocument.Parse(error);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return points;
            }

            // Version 3 lists the lines.
            if (json.RootElement.TryGetProperty("data", out var data))
            {
                return Math.Clamp(data.ValueKind == JsonValueKind.Array ? data.GetArrayLength() : 1, 1, points);
            }

            var text = Text(json.RootElement, "error") ?? Text(json.RootElement, "message") ?? "";
            return text.Contains("partial write", StringComparison.Ordinal) ? Math.Clamp(Count(text), 1, points) : points;
        }
        catch (JsonException)
        {
            return points;
        }
    }

    /// <summary>The series of a query's answer.</summary>
    /// <exception cref="InfluxQueryException">The answer is an error, or none of InfluxDB's.</exception>
    public static IReadOnlyList<InfluxSeries> Read(ReadOnlyMemory<byte> answer, int status)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            var root = json.RootElement;
            Complain(root);
            if (!root.TryGetProperty("results", out var results))
            {
                throw new InfluxQueryException(string.Create(CultureInfo.InvariantCulture, $"InfluxDB answered with status {status}."));
            }

            var series = new List<InfluxSeries>();
            foreach (var result in results.EnumerateArray())
            {
                Complain(result);
                if (result.TryGetProperty("series", out var all))
                {
                    series.AddRange(all.EnumerateArray().Select(Series));
                }
            }

            return series;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InfluxQueryException(string.Create(CultureInfo.InvariantCulture, $"InfluxDB answered with status {status} and no answer."), error);
        }
    }

    // What one version calls "partial write" has a line for each line it could not read, and then the number of points it could not take.
    private static int Count(string text)
    {
        var count = 0;
        for (var at = text.IndexOf(Unparsed, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Unparsed, at + 1, StringComparison.Ordinal))
        {
            count++;
        }

        var dropped = text.LastIndexOf(Dropped, StringComparison.Ordinal);
        return dropped >= 0 && int.TryParse(text.AsSpan(dropped + Dropped.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (int)Math.Min((long)count + number, int.MaxValue)
            : count;
    }

    private static void Complain(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object && (Text(element, "error") ?? Text(element, "message")) is { } error)
        {
            throw new InfluxQueryException($"InfluxDB: {error}");
        }
    }

    private static InfluxSeries Series(JsonElement series) => new(
        Text(series, "name") ?? "",
        series.TryGetProperty("tags", out var tags) ? tags.EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetString() ?? "") : [],
        [.. series.GetProperty("columns").EnumerateArray().Select(c => c.GetString() ?? "")],
        [.. series.GetProperty("values").EnumerateArray().Select(row => (IReadOnlyList<object?>)[.. row.EnumerateArray().Select(Value)])]);

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
