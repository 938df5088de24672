using System.Text;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests;

/// <summary>Test data: whatever a test does not name is ordinary.</summary>
internal static class Some
{
    /// <summary>The first moment of a Monday.</summary>
    internal static readonly DateTimeOffset Monday = new(2025, 3, 3, 0, 0, 0, TimeSpan.Zero);

    internal static readonly FingerprintKey Key = new(11, 12);

    internal static FingerprintCache Names => new(Key);

    internal static ToolCall ToolCall(
        DateTimeOffset? time = null,
        string id = "c1",
        string agent = "agent-1",
        string tool = "crm.get_contact",
        string[]? resources = null,
        CallStatus status = CallStatus.Ok,
        double? size = null,
        string? credential = null,
        CallKind kind = CallKind.ToolCall,
        string? session = null,
        ToolAction action = ToolAction.Unknown,
        SourceTrust source = SourceTrust.Unknown,
        string? arguments = null,
        string? result = null,
        string? content = null,
        string? origins = null,
        string? version = null)
    {
        var call = new ToolCall
        {
            IdUtf8 = Encoding.UTF8.GetBytes(id),
            Time = time ?? Monday,
            AgentId = agent,
            Kind = kind,
            Tool = tool,
            Status = status,
            Records = size,
            RequestBytes = size,
            ResultBytes = size,
            DurationMs = size,
            Tokens = size,
            CredentialId = credential,
            SessionId = session,
            Action = action,
            ResultSource = source,
            AgentVersion = version,
            Arguments = Utf8(arguments),
            Result = Utf8(result),
            Content = Utf8(content),
            ArgumentOrigins = Utf8(origins),
        };
        foreach (var resource in resources ?? [])
        {
            call.AddResource(resource);
        }

        return call;
    }

    /// <summary>One registered agent, that of the detectors' contract tests: what is declared of it lets every detector have something to say.</summary>
    internal static readonly AgentRegistry Registry = new([new RegisteredAgent("agent") { Scope = new AgentScope { Resources = ["crm:*"] } }]);

    internal static IReadOnlyList<Detector> Detectors() => StandardDetectors.Create(new DetectorsOptions(), Key, Registry);

    private static ReadOnlyMemory<byte> Utf8(string? text) => text is null ? default : Encoding.UTF8.GetBytes(text);

    internal static DetectionEngine DetectionEngine(DetectionOptions? options = null, IReadOnlyList<Detector>? detectors = null, IStateReader? saved = null) =>
        new(options ?? new DetectionOptions(), detectors ?? Detectors(), saved ?? new VolatileState());

    internal static Evidence Evidence(string detector = "volume", double score = 2.5, string? dimension = null) => new(
        detector, "calls_per_1_minute", "calls in 1 minute", 60, 0, 9.5, score + 3, Math.Pow(10, score), score, dimension, $"60 calls, says {detector}")
    {
        Caveat = "known for a day",
        Parts = [new EvidencePart("calls", score, "many"), new EvidencePart("hour", 0.5, "late")],
        Counterfactual = "9 calls would have been ordinary",
        CausalChain =
        [
            new CausalLink(CausalLinkKind.Request, null, null, SourceTrust.Trusted, "asked for"),
            new CausalLink(CausalLinkKind.Action, "c1", "crm.get_contact", SourceTrust.Unknown, "done"),
        ],
    };

    internal static Anomaly Anomaly(
        string agent = "agent-1",
        string detector = "volume",
        double score = 2.5,
        DateTimeOffset? time = null,
        string? credential = null)
    {
        var at = time ?? Monday;
        var start = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return new Anomaly(
            AnomalyId.Of(agent, detector, start, 1), agent, at, start, start.AddMinutes(1), Evidence(detector, score), "c1", "s1", credential, "v1", at.AddDays(-30));
    }

    internal static AnomalyFound AnomalyFound(
        DateTimeOffset recordedAt,
        string agent = "agent-1",
        string detector = "volume",
        double score = 2.5,
        string? credential = null) => new(Anomaly(agent, detector, score, recordedAt, credential), recordedAt, "calls/0/17");

    internal static OperatorCommand Command(OperatorCommandKind command, string target, DateTimeOffset recordedAt, string? id = null) =>
        new(id ?? $"cmd-{command}-{target}-{recordedAt.UtcTicks}", recordedAt, command, target, "emma", "because");

    internal static DeliveryReport Report(string messageId, string suspensionId, DeliveryOutcome outcome, DateTimeOffset recordedAt, int attempts = 1) =>
        new($"{messageId}/{outcome}", recordedAt, messageId, suspensionId, outcome, attempts, "503");

    internal static FleetReport FleetReport(int active, DateTimeOffset recordedAt, int partition = 0) =>
        new(partition, new FleetCensus(recordedAt, active), recordedAt);

    /// <summary>All that is saved, as text that a failed comparison can show.</summary>
    internal static IReadOnlyList<string> Show(VolatileState state) =>
        [.. state.Pieces.Select(piece => $"{piece.Key.Kind}/{piece.Key.Id}: {Convert.ToHexString(piece.Value.Span)}")];

    internal static VolatileState Copy(VolatileState state)
    {
        var copy = new VolatileState();
        foreach (var (key, value) in state.Pieces)
        {
            copy.Write(key, value.Span);
        }

        return copy;
    }
}
