using System.Globalization;
using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Content;

namespace AgentSentinel.Simulator;

/// <summary>One event of the simulated telemetry: a tool call, or the request that began a session, with its truth.</summary>
/// <remarks>A struct, so that a million calls cost no garbage: sessions own the only texts that are made on the way.</remarks>
public readonly record struct SimulatedCall
{
    /// <summary>Who made it.</summary>
    public required SimulatedAgent Agent { get; init; }

    /// <summary>Position of the agent in the fleet, from 0.</summary>
    public int AgentOrdinal => Agent.Ordinal;

    /// <summary>The agent's identity.</summary>
    public string AgentId => Agent.Id;

    /// <summary>Position of the call among its agent's calls, from 0, incidents' calls included: it tells nothing about truth.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the call was made (UTC, whole milliseconds after the simulation's start).</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The tool; null for a request.</summary>
    public SimulatedTool? Tool { get; init; }

    /// <summary>Datasets or recipients; empty where the tool names none.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>How the call ended.</summary>
    public CallStatus Status { get; init; }

    /// <summary>Error class of a failed call, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Records read or written; null when the tool doesn't count them.</summary>
    public long? Records { get; init; }

    /// <summary>Size of the request in bytes.</summary>
    public long RequestBytes { get; init; }

    /// <summary>Size of the result in bytes; null for a request.</summary>
    public long? ResultBytes { get; init; }

    /// <summary>Duration in milliseconds; null for a request.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Model tokens spent.</summary>
    public long Tokens { get; init; }

    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>W3C trace id of the session: 32 hexadecimal digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>W3C span id, written as 16 hexadecimal digits; never 0.</summary>
    public required ulong SpanId { get; init; }

    /// <summary>Span id of the session's request; 0 for the request itself.</summary>
    public ulong ParentSpanId { get; init; }

    /// <summary>Span id of the call whose input this one has; 0 when it has its own.</summary>
    public ulong RepeatedSpanId { get; init; }

    /// <summary>On whose behalf the agent acts.</summary>
    public required string Principal { get; init; }

    /// <summary>The credential that was used.</summary>
    public required string CredentialId { get; init; }

    /// <summary>Tag of prompt, tools and model.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>Truth: the incident the call belongs to, or null for the agent's ordinary business.</summary>
    public PlannedIncident? Incident { get; init; }

    /// <summary>Truth: the benign disturbance the call belongs to, or null.</summary>
    public PlannedIncident? Disturbance { get; init; }

    /// <summary>Truth: the secret that the call's arguments or result hold, or null.</summary>
    public SecretKind? Secret { get; init; }

    /// <summary>Truth: this call does what makes its incident one. False for an incident's requests and camouflage.</summary>
    public bool IsAttackCall { get; init; }

    /// <summary>Whether this is a tool call or a request.</summary>
    public CallKind Kind => Tool is null ? CallKind.Request : CallKind.ToolCall;

    /// <summary>Unique in the simulation, e.g. <c>a0007-00000123</c>. Allocates.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"a{AgentOrdinal:d4}-{Sequence:d8}");
}
