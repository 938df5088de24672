using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Audit;

/// <summary>
/// One line of the audit trail. There is exactly one way to write a record: what was read is written again and must give the same bytes, so
/// that no edit of a line goes unnoticed, not even one that means the same.
/// </summary>
internal sealed class AuditRecord
{
    private const int SaltBytes = 16;
    private const int HashBytes = SHA256.HashSizeInBytes;

    // Line breaks, quotes and everything beyond ASCII are escaped: a line is a line whatever telemetry says.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.Default };

    public long Sequence { get; private init; }

    public long TimeTicks { get; private init; }

    public string Kind { get; private init; } = "";

    public IReadOnlyList<AuditCell> Cells { get; private init; } = [];

    /// <summary>Hash of this record and, through the one before, of all before it.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>A new record.</summary>
    /// <param name="sequence">Its number, from 1.</param>
    /// <param name="previous">Hash of the record before.</param>
    /// <param name="time">The journal's clock.</param>
    /// <param name="content">Kind and fields.</param>
    /// <param name="secret">32 random bytes that are never written: the salts come from them.</param>
    /// <param name="key">The deployment's key for fingerprints.</param>
    public static AuditRecord Create(long sequence, byte[] previous, DateTimeOffset time, AuditContent content, ReadOnlySpan<byte> secret, FingerprintKey key)
    {
        var cells = new List<AuditCell>(content.Fields.Count);
        foreach (var (name, value, isCommitted) in content.Fields)
        {
            if (!isCommitted)
            {
                cells.Add(new AuditCell(name, value));
                continue;
            }

            var salt = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(name)).AsSpan(0, SaltBytes).ToArray();
            cells.Add(new AuditCell(name, value) { Commitment = Commit(salt, name, value), Salt = salt, Fingerprint = Fingerprint.Of(key, value) });
        }

        var record = new AuditRecord { Sequence = sequence, TimeTicks = time.UtcTicks, Kind = content.Kind, Cells = cells };
        record.Hash = record.HashAfter(previous);
        return record;
    }

    /// <summary>The same with the values of a fingerprint erased; the hash stays what it was.</summary>
    public AuditRecord Without(ulong fingerprint) => new()
    {
        Sequence = Sequence,
        TimeTicks = TimeTicks,
        Kind = Kind,
        Hash = Hash,
        Cells = [.. Cells.Select(c => c.Commitment is not null && c.Fingerprint == fingerprint ? c with { Value = null, Salt = null } : c)],
    };

    /// <summary>The hash that the record must have after another.</summary>
    public byte[] HashAfter(byte[] previous)
    {
        var writer = new MemoryWriter(1024);
        writer.WriteString("AgentSentinel audit 1");
        writer.WriteSpan(previous);
        writer.WriteVariable((ulong)Sequence);
        writer.WriteVariable((ulong)TimeTicks);
        writer.WriteString(Kind);
        writer.WriteVariable((ulong)Cells.Count);
        foreach (var cell in Cells)
        {
            writer.WriteString(cell.Name);
            writer.WriteBoolean(cell.Commitment is not null);
            if (cell.Commitment is { } commitment)
            {
                writer.WriteBytes(commitment);
                writer.WriteUInt64(cell.Fingerprint);
            }
            else
            {
                writer.WriteString(cell.Value);
            }
        }

        return SHA256.HashData(writer.Written);
    }

    /// <summary>The first field whose value is not what was committed to, or null.</summary>
    public string? FalseField()
    {
        foreach (var cell in Cells)
        {
            if (cell is { Commitment: { } commitment, Salt: { } salt, Value: { } value } && !Commit(salt, cell.Name, value).AsSpan().SequenceEqual(commitment))
            {
                return cell.Name;
            }
        }

        return null;
    }

    /// <summary>The record as one line without its line break.</summary>
    public byte[] ToLine()
    {
        using var stream = new MemoryStream(1024);
        using (var json = new Utf8JsonWriter(stream, Writing))
        {
            json.WriteStartObject();
            json.WriteNumber("seq"u8, Sequence);
            json.WriteNumber("ticks"u8, TimeTicks);
            json.WriteString("kind"u8, Kind);
            json.WriteStartObject("fields"u8);
            foreach (var cell in Cells)
            {
                Write(json, cell);
            }

            json.WriteEndObject();
            json.WriteString("hash"u8, Base64Url.EncodeToString(Hash));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads a line; null when it is none that this version writes.</summary>
    public static AuditRecord? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var record = new AuditRecord
            {
                Sequence = root.GetProperty("seq"u8).GetInt64(),
                TimeTicks = root.GetProperty("ticks"u8).GetInt64(),
                Kind = root.GetProperty("kind"u8).GetString()!,
                Cells = [.. root.GetProperty("fields"u8).EnumerateObject().Select(Cell)],
                Hash = Base64Url.DecodeFromChars(root.GetProperty("hash"u8).GetString()),
            };
            return record.Hash.Length == HashBytes && record.Sequence > 0 && record.TimeTicks >= 0 && line.SequenceEqual(record.ToLine()) ? record : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private static byte[] Commit(byte[] salt, string name, string value)
    {
        var writer = new MemoryWriter(256);
        writer.WriteBytes(salt);
        writer.WriteString(name);
        writer.WriteString(value);
        return SHA256.HashData(writer.Written);
    }

    private static void Write(Utf8JsonWriter json, AuditCell cell)
    {
        json.WritePropertyName(cell.Name);
        if (cell.Commitment is not { } commitment)
        {
            json.WriteRawValue(cell.Value!);
            return;
        }

        json.WriteStartObject();
        json.WriteString("c"u8, Base64Url.EncodeToString(commitment));
        json.WriteString("f"u8, cell.Fingerprint.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        if (cell is { Salt: { } salt, Value: { } value })
        {
            json.WriteString("s"u8, Base64Url.EncodeToString(salt));
            json.WriteString("v"u8, value);
        }

        json.WriteEndObject();
    }

    private static AuditCell Cell(JsonProperty property)
    {
        if (property.Value.ValueKind != JsonValueKind.Object)
        {
            return new AuditCell(property.Name, property.Value.GetRawText());
        }

        var hasValue = property.Value.TryGetProperty("v"u8, out var value);
        return new AuditCell(property.Name, hasValue ? value.GetString()! : null)
        {
            Commitment = Bytes(property.Value.GetProperty("c"u8), HashBytes),
            Salt = hasValue ? Bytes(property.Value.GetProperty("s"u8), SaltBytes) : null,
            Fingerprint = ulong.Parse(property.Value.GetProperty("f"u8).GetString()!, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private static byte[] Bytes(JsonElement element, int length) =>
        Base64Url.DecodeFromChars(element.GetString()) is var bytes && bytes.Length == length ? bytes : throw new FormatException("A value of another length.");
}
