using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Decisions;

/// <summary>An answer as it goes out: written once, when the table changes, and sent as often as somebody asks.</summary>
internal sealed class DecisionAnswer
{
    private DecisionAnswer(bool isAllowed, bool isCurrent, byte[] body)
    {
        IsAllowed = isAllowed;
        IsCurrent = isCurrent;
        Body = body;
        ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"";
    }

    /// <summary>Nothing stands against it.</summary>
    public static DecisionAnswer Allowed { get; } = new(true, true, """{"decision":"allow","is_current":true}"""u8.ToArray());

    /// <summary>Nothing is known to stand against it, but that may be out of date.</summary>
    public static DecisionAnswer AllowedWhileStale { get; } = new(true, false, """{"decision":"allow","is_current":false}"""u8.ToArray());

    /// <summary>Nobody is let through who cannot be looked up.</summary>
    public static DecisionAnswer DeniedWhileStale { get; } =
        new(false, false, """{"decision":"deny","is_current":false,"reason":"suspensions cannot be looked up at present"}"""u8.ToArray());

    /// <summary>The journal was not read yet.</summary>
    public static DecisionAnswer NothingKnown { get; } = All([], isCurrent: false);

    public bool IsAllowed { get; }

    /// <summary>Whether the journal was known to hold nothing newer.</summary>
    public bool IsCurrent { get; }

    /// <summary>JSON, UTF-8.</summary>
    public byte[] Body { get; }

    /// <summary>Strong: equal tags are equal bodies.</summary>
    public string ETag { get; }

    public static DecisionAnswer Denied(Core.Response.Suspension suspension, bool isCurrent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("decision", "deny");
            json.WriteBoolean("is_current", isCurrent);
            json.WriteString("reason", suspension.Reason);
            json.WriteString("expires_at", suspension.ExpiresAt.ToUniversalTime());
            json.WriteString("suspension_id", suspension.Id);
            json.WriteString("target", NameOf(suspension.Target.Kind));
            json.WriteEndObject();
        }

        return new DecisionAnswer(false, isCurrent, buffer.WrittenSpan.ToArray());
    }

    /// <summary>All that is denied, as one answer.</summary>
    public static DecisionAnswer All(IReadOnlyList<Denial> denials, bool isCurrent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("is_current", isCurrent);
            json.WriteStartArray("denials");
            foreach (var denial in denials)
            {
                json.WriteStartObject();
                json.WriteString("agent", denial.AgentId);
                json.WriteString("target", NameOf(denial.Target.Kind));
                json.WriteString("target_id", denial.Target.Id);
                json.WriteString("reason", denial.Reason);
                json.WriteString("expires_at", denial.ExpiresAt.ToUniversalTime());
                json.WriteString("suspension_id", denial.SuspensionId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new DecisionAnswer(denials.Count == 0, isCurrent, buffer.WrittenSpan.ToArray());
    }

    public override string ToString() => Encoding.UTF8.GetString(Body);

    private static string NameOf(SuspensionTargetKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
