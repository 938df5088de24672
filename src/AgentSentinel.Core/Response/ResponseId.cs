using System.Security.Cryptography;
using System.Text;

namespace AgentSentinel.Core.Response;

/// <summary>Ids of incidents and suspensions, derived from what they are about: the same after a replay.</summary>
internal static class ResponseId
{
    private const int HashBytes = 12;

    public static string OfIncident(string firstAnomalyId) => "inc_" + Hash(firstAnomalyId);

    /// <summary>Has no dot: Standard Webhooks signs <c>id.timestamp.body</c>.</summary>
    public static string OfSuspension(string cause, int number) => "sus_" + Hash($"{cause}\n{number}");

    public static string OfStranger(string agentId, DateTimeOffset firstSeen) =>
        "agent_" + Hash(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{agentId}\n{firstSeen.UtcTicks}"));

    public static string OfLift(string suspensionId) => suspensionId + "_lift";

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashBytes));
}
