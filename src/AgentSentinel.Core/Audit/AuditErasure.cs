using System.Globalization;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Audit;

/// <summary>
/// Erases a person's data from an audit trail: wherever a field has the value, its value and salt go, its commitment and fingerprint stay.
/// The command that orders it (<see cref="OperatorCommandKind.Erase"/>) names the fingerprint, never the value, and stays in the trail.
/// </summary>
public static class AuditErasure
{
    /// <summary>The target of the command that erases a value.</summary>
    /// <param name="key">The deployment's key.</param>
    /// <param name="value">The value, such as a person's name as it stands in <c>actor</c>.</param>
    public static string TargetOf(FingerprintKey key, string value) => Fingerprint.Of(key, value).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Whether a text can be the target of that command.</summary>
    /// <param name="target">The text.</param>
    public static bool IsTarget(string target) => TryParse(target, out _);

    /// <summary>The target that a line orders to be erased, or null.</summary>
    /// <param name="line">A line of the trail, without its line break.</param>
    public static string? TargetIn(ReadOnlySpan<byte> line) =>
        AuditRecord.Read(line) is { } record && Target(record) is { } target ? target.ToString("x16", CultureInfo.InvariantCulture) : null;

    /// <summary>The line with the target's values erased; the same when there are none in it, or when it is no record.</summary>
    /// <param name="line">A line of the trail, without its line break.</param>
    /// <param name="target">See <see cref="TargetOf"/>.</param>
    public static byte[] Apply(ReadOnlySpan<byte> line, string target) =>
        TryParse(target, out var fingerprint) && AuditRecord.Read(line) is { } record ? record.Without(fingerprint).ToLine() : line.ToArray();

    /// <summary>What a record orders to be erased, or null.</summary>
    internal static ulong? Target(AuditRecord record) =>
        record.Kind == "command" && ValueOf(record, "command") == "erase" && TryParse(ValueOf(record, "target"), out var fingerprint) ? fingerprint : null;

    private static string? ValueOf(AuditRecord record, string name) => record.Cells.FirstOrDefault(c => c.Name == name)?.Value;

    private static bool TryParse(string? target, out ulong fingerprint)
    {
        fingerprint = 0;
        return target is { Length: 16 } && ulong.TryParse(target, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out fingerprint);
    }
}
