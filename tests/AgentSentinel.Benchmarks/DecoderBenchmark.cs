using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentSentinel.Core.Events;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What it costs to decode one event, over a fleet of 512 events of 64 agents and 24 tools whose sessions last eight calls, against what
/// parsing the same bytes into a <see cref="JsonDocument"/> costs, which checks nothing and extracts nothing.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class DecoderBenchmark
{
    private const int Events = 512;
    private static readonly DateTimeOffset ReceivedAt = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ToolCallDecoder _decoder = new(new DecoderOptions());
    private readonly ToolCall _call = new();
    private readonly byte[][] _minimal = Fleet(Minimal);
    private readonly byte[][] _full = Fleet(Full);
    private readonly byte[][] _content = Fleet(Content);

    [BenchmarkCategory("minimal"), Benchmark(Baseline = true, OperationsPerInvoke = Events)]
    public int Minimal_JsonDocument() => Parse(_minimal);

    [BenchmarkCategory("minimal"), Benchmark(OperationsPerInvoke = Events)]
    public int Minimal_event() => Decode(_minimal);

    [BenchmarkCategory("full"), Benchmark(Baseline = true, OperationsPerInvoke = Events)]
    public int Full_JsonDocument() => Parse(_full);

    [BenchmarkCategory("full"), Benchmark(OperationsPerInvoke = Events)]
    public int Full_event() => Decode(_full);

    [BenchmarkCategory("content"), Benchmark(Baseline = true, OperationsPerInvoke = Events)]
    public int Content_JsonDocument() => Parse(_content);

    [BenchmarkCategory("content"), Benchmark(OperationsPerInvoke = Events)]
    public int Content_event() => Decode(_content);

    private int Decode(byte[][] fleet)
    {
        int accepted = 0;
        foreach (byte[] record in fleet)
        {
            accepted += _decoder.TryDecode(record, ReceivedAt, _call, out _) ? 1 : 0;
        }

        return accepted == fleet.Length ? accepted : throw new InvalidOperationException("An event of the benchmark is refused.");
    }

    private static int Parse(byte[][] fleet)
    {
        int parsed = 0;
        foreach (byte[] record in fleet)
        {
            using var document = JsonDocument.Parse(record);
            parsed += (int)document.RootElement.ValueKind;
        }

        return parsed;
    }

    private static byte[][] Fleet(Func<int, string> json) =>
        [.. Enumerable.Range(0, Events).Select(i => Encoding.UTF8.GetBytes("{" + json(i) + "}"))];

    private static string Minimal(int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"\"id\":\"c{i:x16}\",\"time\":\"2025-03-03T10:{i / 60 % 60:00}:{i % 60:00}.171Z\",\"agent_id\":\"agent-{i % 64:0000}/billing\",\"tool\":\"crm.get_contact_{i % 24}\"");

    // About 480 bytes: metadata, the first of the three levels of telemetry.
    private static string Full(int i) => Minimal(i) + string.Create(
        CultureInfo.InvariantCulture,
        $",\"kind\":\"tool_call\",\"tool_server\":\"mcp://crm.internal\",\"action\":\"read\",\"resources\":[\"crm:contacts/{i % 32}\"],\"status\":\"ok\",\"records\":{i},\"request_bytes\":{200 + i},\"result_bytes\":{4000 + i},\"duration_ms\":{i}.25,\"tokens\":{i},\"session_id\":\"session-{i / 8:x8}\",\"trace_id\":\"4bf92f3577b34da6a3ce929d{i:x8}\",\"span_id\":\"00f067aa{i:x8}\",\"principal\":\"user-{i % 16}\",\"credential_id\":\"key-{i % 64}\",\"result_source\":\"internal\"");

    private static string Content(int i) => Full(i) + string.Create(
        CultureInfo.InvariantCulture,
        $",\"arguments\":{{\"contact\":\"{i}\",\"fields\":[\"name\",\"mail\"]}},\"result\":\"{{\\\"name\\\": \\\"Emma\\\"}} {new string('x', 600)}\",\"argument_origins\":[{{\"argument\":\"contact\",\"value\":\"{i}\",\"origins\":[\"request\"]}}]");
}
