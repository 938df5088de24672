using System.Text.Json;
using AgentSentinel.Service.Tests.Sinks.Formats;

namespace AgentSentinel.Service.Tests.Suspension.Ssf;

/// <summary>What Shared Signals 1.0, CAEP, RISC and their interoperability profile ask of a Security Event Token.</summary>
internal static class SetRules
{
    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/";
    private const string Risc = "https://schemas.openid.net/secevent/risc/event-type/";

    private static readonly Dictionary<string, JsonShape> Events = new()
    {
        [Caep + "session-revoked"] = Common(),
        [Caep + "risk-level-change"] = Common().Required("principal", JsonShape.Text(minLength: 1))
            .Required("current_level", JsonShape.OneOf("LOW", "MEDIUM", "HIGH")).Optional("previous_level", JsonShape.OneOf("LOW", "MEDIUM", "HIGH")),
        [Risc + "account-disabled"] = Common().Optional("reason", JsonShape.OneOf("hijacking", "bulk-account")),
        [Risc + "account-enabled"] = Common(),
        ["https://schemas.openid.net/secevent/ssf/event-type/verification"] = new JsonShape().Optional("state", JsonShape.Text()),
    };

    private static readonly JsonShape Claims = new JsonShape() // neither sub nor exp: both are forbidden
        .Required("iss", JsonShape.Url).Required("aud", JsonShape.Text(minLength: 1)).Required("iat", JsonShape.Integer).Required("jti", JsonShape.Text(minLength: 1))
        .Required("txn", JsonShape.Text(minLength: 1))
        .Required("sub_id", JsonShape.ByType("format", new()
        {
            ["iss_sub"] = new JsonShape().Required("format", JsonShape.OneOf("iss_sub")).Required("iss", JsonShape.Url).Required("sub", JsonShape.Text(minLength: 1)),
            ["opaque"] = new JsonShape().Required("format", JsonShape.OneOf("opaque")).Required("id", JsonShape.Text(minLength: 1)),
        }))
        .Required("events", (events, path) => events.EnumerateObject().ToArray() is [var only] && Events.TryGetValue(only.Name, out var shape)
            ? shape.Errors(only.Value, $"{path}.{only.Name}")
            : [$"{path}: not exactly one known event"]);

    public static IReadOnlyList<string> Errors(JsonElement header, JsonElement claims) =>
    [
        .. new JsonShape().Required("typ", JsonShape.OneOf("secevent+jwt")).Required("alg", JsonShape.OneOf("RS256", "ES256")).Required("kid", JsonShape.Text(minLength: 1)).Errors(header, "header"),
        .. Claims.Errors(claims, "claims"),
    ];

    private static JsonShape Common() => new JsonShape()
        .Optional("event_timestamp", JsonShape.Integer).Optional("initiating_entity", JsonShape.OneOf("admin", "user", "policy", "system"))
        .Required("reason_admin", new JsonShape().Required("en", JsonShape.Text(minLength: 1)));
}
