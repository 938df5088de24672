using System.Buffers;
using System.Text.Json;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Core.Detection;

namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary>
/// Reads labelled telemetry. The labels are taken out of every event, and with them what the level of telemetry does not tell:
/// an engine is given bytes that hold no ground truth.
/// </summary>
internal sealed class LabelledEvents
{
    private readonly Dictionary<string, SessionLabels> _sessions = new(StringComparer.Ordinal);
    private readonly List<LabelledEvent> _events = [];

    /// <summary>The events in the order of the file.</summary>
    public IReadOnlyList<LabelledEvent> Events => _events;

    /// <summary>Time of the first event after the learning phase; null when there is none.</summary>
    public DateTimeOffset? LiveSince { get; private set; }

    /// <summary>Lines without labels or session: they are replayed and not counted.</summary>
    public int Unlabelled { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="JsonException">A line is not JSON.</exception>
    public static LabelledEvents Read(string path, TelemetryLevel level, int longestLine)
    {
        var events = new LabelledEvents();
        LineReader.ReadAll(path, longestLine, line => events.Add(line, level));
        return events;
    }

    private static bool IsLeftOut(string name, TelemetryLevel level) => name switch
    {
        "labels" => true,
        "arguments" or "result" or "content" => level < TelemetryLevel.Content,
        "argument_origins" => level < TelemetryLevel.Lineage,
        _ => false,
    };

    private static bool Is(JsonElement labels, string name, bool otherwise = false) =>
        labels.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : otherwise;

    private static string Text(JsonElement labels, string name) =>
        labels.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private void Add(ReadOnlyMemory<byte> line, TelemetryLevel level)
    {
        using var document = JsonDocument.Parse(line);
        var bytes = new ArrayBufferWriter<byte>(line.Length);
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            foreach (var property in document.RootElement.EnumerateObject().Where(p => !IsLeftOut(p.Name, level)))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        var root = document.RootElement;
        if (Text(root, "session_id") is not { Length: > 0 } session || !root.TryGetProperty("labels", out var labels))
        {
            Unlabelled++;
            _events.Add(new LabelledEvent(bytes.WrittenMemory, null, null, false));
            return;
        }

        if (!_sessions.TryGetValue(session, out var truth))
        {
            _sessions.Add(session, truth = new SessionLabels());
        }

        Learn(truth, labels, Text(root, "agent_id"));
        if (!truth.IsBaseline && root.TryGetProperty("time", out var time) && time.TryGetDateTimeOffset(out var at) && (LiveSince is null || at < LiveSince))
        {
            LiveSince = at;
        }

        _events.Add(new LabelledEvent(bytes.WrittenMemory, session, truth, Is(labels, "attack_call")));
    }

    /// <summary>A request's labels are few; those of the calls of its session agree with each other.</summary>
    private static void Learn(SessionLabels truth, JsonElement labels, string agent)
    {
        truth.Kind = Text(labels, "kind") is { Length: > 0 } kind ? kind : truth.Kind;
        truth.IsBaseline = Text(labels, "phase") == "baseline";
        truth.Suite = Text(labels, "suite") is { Length: > 0 } suite ? suite : truth.Suite.Length > 0 ? truth.Suite : agent[(agent.LastIndexOf('/') + 1)..];
        truth.Model = Text(labels, "model") is { Length: > 0 } model ? model : truth.Model.Length > 0 ? truth.Model : agent.Split('/')[0];
        truth.HasSucceeded |= Is(labels, "attack_succeeded");
        truth.IsHijacked |= Is(labels, "hijacked");
        truth.IsAmbiguous |= Is(labels, "ambiguous");
        truth.IsObservable &= Is(labels, "observable", otherwise: true);
    }
}
