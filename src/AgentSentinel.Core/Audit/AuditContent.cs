using System.Text.Json;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Response.Policy;

namespace AgentSentinel.Core.Audit;

/// <summary>What an audit record says, before it is chained: the fields of an entry, decision, order or alert, each by its dotted path.</summary>
public sealed class AuditContent
{
    private readonly List<(string Name, string Value, bool IsCommitted)> _fields = [];

    private AuditContent(string kind) => Kind = kind;

    /// <summary>The entry's kind, or <c>decision</c>, <c>order</c>, <c>alert</c>.</summary>
    public string Kind { get; }

    /// <summary>Path and value as JSON, and whether the chain holds the value or only a commitment to it: it does for whatever is text.</summary>
    internal IReadOnlyList<(string Name, string Value, bool IsCommitted)> Fields => _fields;

    /// <summary>An entry of the journal.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="offset">Its place in the journal.</param>
    public static AuditContent Of(JournalEntry entry, long offset)
    {
        using var json = JsonDocument.Parse(JournalJson.Write(entry));
        var content = new AuditContent(json.RootElement.GetProperty("kind"u8).GetString()!);
        content._fields.Add(("journal_offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture), false));
        content.Flatten("", json.RootElement, "kind");
        return content;
    }

    /// <summary>A decision of the policy.</summary>
    /// <param name="decision">The decision.</param>
    public static AuditContent Of(PolicyDecision decision) => Of("decision", JournalJson.Write(decision));

    /// <summary>An order.</summary>
    /// <param name="order">The order.</param>
    public static AuditContent Of(SuspensionOrder order) => Of("order", JournalJson.Write(order));

    /// <summary>An alert: that it was raised. What it says in words and as evidence stands in the entry that led to it.</summary>
    /// <param name="alert">The alert.</param>
    public static AuditContent Of(Alert alert) => Of("alert", JournalJson.Write(alert), "summary", "evidence");

    private static AuditContent Of(string kind, byte[] utf8, params string[] left)
    {
        using var json = JsonDocument.Parse(utf8);
        var content = new AuditContent(kind);
        content.Flatten("", json.RootElement, left);
        return content;
    }

    private void Flatten(string path, JsonElement element, params string[] left)
    {
        foreach (var property in element.EnumerateObject())
        {
            var name = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (left.Contains(name))
            {
                continue;
            }

            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Null:
                    break;
                case JsonValueKind.Object:
                    Flatten(name, property.Value);
                    break;
                case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                    _fields.Add((name, property.Value.GetRawText(), false));
                    break;
                case JsonValueKind.String:
                    _fields.Add((name, property.Value.GetString()!, true));
                    break;
                default:
                    _fields.Add((name, property.Value.GetRawText(), true));
                    break;
            }
        }
    }
}
