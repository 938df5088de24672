using System.Globalization;

namespace AgentSentinel.Core.Detection;

/// <summary>Ids of anomalies, derived from what they are about.</summary>
internal static class AnomalyId
{
    /// <summary><c>agent/detector/window</c>, each part escaped so that no agent id can imitate another's anomaly.</summary>
    public static string Of(string agentId, string detector, DateTimeOffset windowStart) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Uri.EscapeDataString(agentId)}/{detector}/{windowStart.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
}
