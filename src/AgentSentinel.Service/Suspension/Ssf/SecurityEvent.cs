using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Sinks;

namespace AgentSentinel.Service.Suspension.Ssf;

/// <summary>One event of a Security Event Token, and what an order is told as.</summary>
/// <param name="Type">The event type's URI.</param>
/// <param name="Content">What it says.</param>
internal sealed record SecurityEvent(string Type, JsonObject Content)
{
    /// <summary>The token's <c>typ</c> (RFC 8417).</summary>
    public const string TokenType = "secevent+jwt";

    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/";
    private const string Risc = "https://schemas.openid.net/secevent/risc/event-type/";
    private const string Verification = "https://schemas.openid.net/secevent/ssf/event-type/verification";
    private const int MaxReason = 1000;

    /// <summary>An order as events, the most effective first. A receiver acts on those it knows.</summary>
    public static IReadOnlyList<SecurityEvent> Of(AdapterOrder order) => order.Action == SuspensionAction.Suspend
        ?
        [
            new(Risc + "account-disabled", Common(order)),
            new(Caep + "session-revoked", Common(order)),
            new(Caep + "risk-level-change", With(Common(order), ("principal", "APPLICATION"), ("previous_level", "LOW"), ("current_level", "HIGH"))),
        ]
        :
        [
            new(Risc + "account-enabled", Common(order)),
            new(Caep + "risk-level-change", With(Common(order), ("principal", "APPLICATION"), ("previous_level", "HIGH"), ("current_level", "LOW"))),
        ];

    /// <param name="state">What the receiver wants echoed; null when nobody asked.</param>
    public static SecurityEvent OfVerification(string? state) => new(Verification, state is null ? [] : new JsonObject { ["state"] = state });

    /// <summary>The claims of a token with this one event. The same message and event give the same <c>jti</c>: a repeat is known as one.</summary>
    /// <param name="issuer">Ours.</param>
    /// <param name="audience">The receiver's.</param>
    /// <param name="subject">Whom it is about.</param>
    /// <param name="cause">What all tokens of one cause have in common.</param>
    /// <param name="messageId">What it tells.</param>
    /// <param name="time">When it is issued.</param>
    public JsonObject ClaimsOf(string issuer, string audience, JsonObject subject, string cause, string messageId, DateTimeOffset time) => new()
    {
        ["iss"] = issuer,
        ["aud"] = audience,
        ["iat"] = time.ToUnixTimeSeconds(),
        ["jti"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{messageId}\n{Type}")).AsSpan(0, 16)),
        ["txn"] = cause,
        ["sub_id"] = subject,
        ["events"] = new JsonObject { [Type] = Content.DeepClone() },
    };

    private static JsonObject Common(AdapterOrder order) => new()
    {
        ["event_timestamp"] = order.Time.ToUnixTimeSeconds(),
        ["initiating_entity"] = order.DecidedBy == "policy" ? "policy" : "admin",
        ["reason_admin"] = new JsonObject { ["en"] = order.Reason.Length == 0 ? "Not told." : IncidentText.Cut(PlainText.Of(order.Reason), MaxReason) },
    };

    private static JsonObject With(JsonObject content, params ReadOnlySpan<(string Name, string Value)> members)
    {
        foreach (var (name, value) in members)
        {
            content[name] = value;
        }

        return content;
    }
}
