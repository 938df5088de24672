namespace AgentSentinel.Web.Actions;

/// <summary>What a person is told about a command.</summary>
/// <param name="Objection">Why it was not taken, or null.</param>
/// <param name="Told">What became of it. May quote telemetry: data.</param>
/// <param name="HasEffect">False when it changed nothing.</param>
internal sealed record CommandAnswer(string? Objection, string Told, bool HasEffect)
{
    public static CommandAnswer Refused(string objection) => new(objection, "", false);

    public static CommandAnswer Taken(string told, bool hasEffect) => new(null, told, hasEffect);
}
