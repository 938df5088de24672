using System.Text.Json;

namespace AgentSentinel.Service.Tests.Sinks.Formats;

/// <summary>The fields of the Elastic Common Schema that we use, with their types and allowed values; keywords over 1024 characters would not be indexed.</summary>
internal static class EcsSchema
{
    private static readonly JsonShape.Check Keyword = JsonShape.Text(1024);

    private static readonly JsonShape IdAndName = new JsonShape().Required("id", JsonShape.ListOf(Keyword, 1)).Required("name", JsonShape.ListOf(Keyword, 1));

    private static readonly JsonShape Document = new JsonShape()
        .Required("@timestamp", JsonShape.Time).Optional("message", JsonShape.Text()).Optional("tags", JsonShape.ListOf(Keyword))
        .Required("ecs", new JsonShape().Required("version", JsonShape.OneOf("9.4.0")))
        .Required("event", new JsonShape()
            .Required("kind", JsonShape.OneOf("alert")).Required("category", JsonShape.ListOf(JsonShape.OneOf("intrusion_detection", "iam", "threat"), 1))
            .Required("type", JsonShape.ListOf(JsonShape.OneOf("info", "denied", "allowed", "change"), 1)).Required("action", Keyword)
            .Optional("outcome", JsonShape.OneOf("success", "failure", "unknown")).Optional("severity", JsonShape.Integer).Optional("risk_score", JsonShape.Number)
            .Optional("id", Keyword).Optional("dataset", Keyword).Optional("module", Keyword).Optional("provider", Keyword)
            .Optional("start", JsonShape.Time).Optional("end", JsonShape.Time).Optional("url", JsonShape.Url))
        .Optional("observer", new JsonShape().Optional("vendor", Keyword).Optional("product", Keyword).Optional("version", Keyword))
        .Optional("gen_ai", new JsonShape().Required("agent", new JsonShape().Required("id", Keyword)))
        .Optional("rule", new JsonShape().Optional("id", Keyword).Optional("name", Keyword))
        .Optional("threat", new JsonShape()
            .Required("framework", JsonShape.OneOf("MITRE ATT&CK")).Required("tactic", IdAndName)
            .Required("technique", new JsonShape().Required("id", JsonShape.ListOf(Keyword, 1)).Required("name", JsonShape.ListOf(Keyword, 1)).Optional("subtechnique", IdAndName)))
        .Optional("agentsentinel", JsonShape.FreeObject);

    public static IReadOnlyList<string> Errors(JsonElement document) => [.. Document.Errors(document, "$")];
}
