using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.Tests.Sinks;

/// <summary>Alerts about an agent that was named, and whose tools were named, by somebody who wants to break every format.</summary>
internal static class HostileAlert
{
    public const string AgentId = "<img src=x onerror=alert(1)>|suid=root\\\n<!channel> [x](https://evil.example) &amp; \u202Egnp.exe\u0000\u001b[31m";

    private const string Pieces = "|=\\\r\n\t\"'<>&*_~`[](){}!#@\u202E\u2066\u200B\u2028\u0007é漢\ud83d\ude00";

    public static readonly string Tool = string.Concat(Enumerable.Repeat(Pieces, 20))[..255] + "x";

    public static readonly DateTimeOffset Time = new(2026, 3, 2, 9, 0, 0, 123, TimeSpan.Zero);

    public static IEnumerable<Alert> All() =>
        from kind in Enum.GetValues<AlertKind>()
        from severity in Enum.GetValues<Severity>()
        from hasIncident in (bool[])[true, false]
        select Of(kind, severity, hasIncident ? "inc_0123456789abcdef01234567" : null);

    public static Alert Of(AlertKind kind, Severity severity = Severity.High, string? incidentId = "inc_0123456789abcdef01234567", int number = 0) => new(
        $"{incidentId ?? "sus_0123456789abcdef01234567"}-{number}",
        kind,
        Time,
        incidentId,
        AgentId,
        severity,
        $"Agent {AgentId} called {Tool} 62 times. " + string.Concat(Enumerable.Repeat(Tool, 30)),
        9.25,
        incidentId is null ? 0 : 3,
        incidentId is null ? null : Time - TimeSpan.FromMinutes(5),
        incidentId is null ? null : Time,
        incidentId is null || kind >= AlertKind.SuspensionProposed ? "sus_0123456789abcdef01234567" : null,
        incidentId is null ? [] :
        [
            new Evidence("novelty", "new_tools", "tools never used before, within 1 hour", 3, 0, 1, 12, 1e6, 6, Tool, $"new tool {Tool}")
            {
                Caveat = $"young {Tool}",
                Counterfactual = $"without {Tool}",
                CausalChain = [new CausalLink(CausalLinkKind.Source, "call-1", Tool, SourceTrust.Untrusted, $"read {Tool}")],
            },
            new Evidence("volume", "calls_per_1_minute", "calls in 1 minute", 214, 0, 9, 12, 1e6, 6, null, "214 calls"),
            new Evidence("tool-mix", "denials_per_5_minutes", "denials in 5 minutes", 1e15, double.MinValue, 1e-9, 12, 1e15, 15, null, Tool),
        ]);
}
