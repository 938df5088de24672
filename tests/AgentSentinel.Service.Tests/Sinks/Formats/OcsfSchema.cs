using System.Text.Json;

namespace AgentSentinel.Service.Tests.Sinks.Formats;

/// <summary>
/// The part of OCSF 1.8.0 that a Detection Finding with the profiles security_control and datetime may use: attributes, types, enumerations and what
/// is required of class 2004 and its objects. An attribute that is not here is refused.
/// </summary>
internal static class OcsfSchema
{
    private static readonly JsonShape Named = new JsonShape().Optional("uid", JsonShape.Text()).Optional("name", JsonShape.Text());

    private static readonly JsonShape Attack = new JsonShape()
        .Optional("tactic", Named).Optional("technique", Named).Optional("sub_technique", Named).Optional("version", JsonShape.Text());

    private static readonly JsonShape Observation = new JsonShape()
        .Required("observation_parameter", JsonShape.Text()).Optional("observation_type", JsonShape.Text()).Optional("observed_pattern", JsonShape.Text())
        .Required("observations", JsonShape.ListOf(
            new JsonShape().Required("value", JsonShape.Text()).Optional("count", JsonShape.Integer), min: 1));

    private static readonly JsonShape Finding = new JsonShape()
        .Required("activity_id", JsonShape.OneOf(0, 1, 2, 3, 99))
        .Required("category_uid", JsonShape.OneOf(2))
        .Required("class_uid", JsonShape.OneOf(2004))
        .Required("type_uid", JsonShape.OneOf(200400, 200401, 200402, 200403, 200499))
        .Required("severity_id", JsonShape.OneOf(0, 1, 2, 3, 4, 5, 6, 99))
        .Required("time", JsonShape.Integer).Optional("time_dt", JsonShape.Time)
        .Optional("start_time", JsonShape.Integer).Optional("start_time_dt", JsonShape.Time)
        .Optional("end_time", JsonShape.Integer).Optional("end_time_dt", JsonShape.Time)
        .Optional("status_id", JsonShape.OneOf(0, 1, 2, 3, 4, 5, 6, 99))
        .Optional("risk_level_id", JsonShape.OneOf(0, 1, 2, 3, 4, 99)).Optional("risk_score", JsonShape.Integer)
        .Optional("is_alert", JsonShape.Flag)
        .Required("action_id", JsonShape.OneOf(0, 1, 2, 3, 4, 99)).Required("disposition_id", JsonShape.OneOf([.. Enumerable.Range(0, 28), 99]))
        .Optional("message", JsonShape.Text()).Optional("count", JsonShape.Integer)
        .Required("metadata", new JsonShape()
            .Required("version", JsonShape.OneOf("1.8.0"))
            .Required("product", new JsonShape().Optional("name", JsonShape.Text()).Required("vendor_name", JsonShape.Text()).Optional("version", JsonShape.Text()))
            .Optional("profiles", JsonShape.ListOf(JsonShape.OneOf("security_control", "datetime"))).Optional("uid", JsonShape.Text())
            .Optional("correlation_uid", JsonShape.Text()).Optional("log_name", JsonShape.Text()).Optional("labels", JsonShape.ListOf(JsonShape.Text())))
        .Required("finding_info", new JsonShape()
            .Required("uid", JsonShape.Text(minLength: 1)).Optional("title", JsonShape.Text()).Optional("desc", JsonShape.Text()).Optional("types", JsonShape.ListOf(JsonShape.Text()))
            .Optional("first_seen_time", JsonShape.Integer).Optional("first_seen_time_dt", JsonShape.Time)
            .Optional("last_seen_time", JsonShape.Integer).Optional("last_seen_time_dt", JsonShape.Time)
            .Optional("src_url", JsonShape.Url)
            .Optional("analytic", new JsonShape().Optional("uid", JsonShape.Text()).Optional("name", JsonShape.Text()).Required("type_id", JsonShape.OneOf(0, 1, 2, 3, 4, 99)))
            .Optional("attacks", JsonShape.ListOf(Attack)))
        .Optional("anomaly_analyses", JsonShape.ListOf(new JsonShape()
            .Required("analysis_targets", JsonShape.ListOf(new JsonShape().Required("name", JsonShape.Text()).Optional("type", JsonShape.Text()), min: 1))
            .Required("anomalies", JsonShape.ListOf(Observation, min: 1)).Optional("baselines", JsonShape.ListOf(Observation))))
        .Optional("evidences", JsonShape.ListOf(new JsonShape()
            .Required("actor", new JsonShape().Required("app_uid", JsonShape.Text())).Optional("data", JsonShape.FreeObject)))
        .Optional("remediation", new JsonShape().Required("desc", JsonShape.Text()))
        .Optional("unmapped", JsonShape.FreeObject);

    public static IReadOnlyList<string> Errors(JsonElement finding)
    {
        var errors = Finding.Errors(finding, "$").ToList();
        if (errors.Count == 0)
        {
            Expect(finding.GetProperty("type_uid").GetInt32() == 200400 + finding.GetProperty("activity_id").GetInt32(), "type_uid is not class_uid * 100 + activity_id");
            foreach (var name in (string[])["time", "start_time", "end_time"])
            {
                Expect(
                    !finding.TryGetProperty(name, out var time) || time.GetInt64() == finding.GetProperty(name + "_dt").GetDateTimeOffset().ToUnixTimeMilliseconds(),
                    $"{name} and {name}_dt differ");
            }
        }

        return errors;

        void Expect(bool condition, string error)
        {
            if (!condition)
            {
                errors.Add(error);
            }
        }
    }
}
