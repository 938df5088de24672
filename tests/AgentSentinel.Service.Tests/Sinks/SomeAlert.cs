using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.Tests.Sinks;

/// <summary>An alert as the response engine makes them.</summary>
internal static class SomeAlert
{
    public static Alert Numbered(int number, string agentId = "crm-assistant") => new(
        $"inc_1-{number}",
        AlertKind.Opened,
        new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero),
        "inc_1",
        agentId,
        Severity.High,
        "214 calls within 1 minute(s); usual is at most 9",
        5.5,
        1,
        null,
        null,
        null,
        [new Evidence("volume", "calls_per_1_minute", "calls in 1 minute", 214, 0, 9, 12, 1e6, 6, null, "214 calls")]);
}
