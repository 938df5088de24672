using System.Globalization;

namespace AgentSentinel.Core.Detection;

/// <summary>Ids of anomalies, derived from what they are about.</summary>
internal static class AnomalyId
{
    /// <summary><c>agent/detector/window</c>, and the step when it is a further one; the agent is escaped, so that no id can imitate another's anomaly.</summary>
    public static string Of(string agentId, string detector, DateTimeOffset windowStart, int step) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Uri.EscapeDataString(agentId)}/{detector}/{windowStart.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}{(step > 1 ? "/" : "")}{(step > 1 ? step : null)}");
}
