using System.Text.Json;
using System.Text.Unicode;

namespace AgentSentinel.Core.Events;

/// <summary>
/// Turns one record of the telemetry stream (the event, version 1, as JSON) into a <see cref="ToolCall"/>, or says why not.
/// Owned by one thread: it keeps a memory of texts.
/// </summary>
/// <remarks>
/// <para>
/// Pure in what matters: the same bytes and time of reception give the same answer, whatever was decoded before. Of several faults the answer
/// names the first of: size, UTF-8, emptiness, then the first one from left to right, then what is missing. No exception leaves
/// <see cref="TryDecode"/>, whatever the bytes.
/// </para>
/// <para>
/// Strict where two readers could read two things (duplicate fields of the contract, also when one is spelled with escapes; in names and ids half
/// surrogate pairs, control characters and over-length; trailing data; comments), lenient where nothing can be mistaken: unknown fields are skipped
/// whatever they hold, null and, for texts and trace ids, the empty string mean "absent", an empty item of <c>resources</c> names nothing and is
/// passed over. A request's <c>tool</c> is checked and then left out. <c>labels</c>, the ground truth of evaluations, is never read.
/// </para>
/// <para>
/// Nobody may hide a call from the detectors by text that an agent was talked into. In <c>resources</c> and <c>error</c> control characters and halves
/// of surrogate pairs are replaced by U+FFFD; a resource is cut off after 1024 characters, an error after 256; the first 64 resources are kept and all
/// are counted. Raw content (<c>arguments</c>, <c>result</c>, <c>content</c>, <c>argument_origins</c>) is held only to its JSON type.
/// </para>
/// <para>
/// Memory: four caches with 10,240 places in all: 240 KB when empty, under 3.2 MB when every place holds the longest text that is kept;
/// they do not grow further. Cost: one pass, linear in the record; no allocation but for texts that the caches do not hold.
/// </para>
/// </remarks>
/// <param name="options">Limits of what is accepted.</param>
public sealed class ToolCallDecoder(DecoderOptions options)
{
    private const int MaxDepth = 32;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    private readonly DecoderOptions _options = options;

    // Apart, so that a stream of new sessions or resources does not push out the names that repeat for ever.
    private readonly TextCache _identities = new(4096);
    private readonly TextCache _tools = new(1024);
    private readonly TextCache _sessions = new(1024);
    private readonly TextCache _resources = new(4096);

    private readonly EventValueReader _values = new();

    /// <summary>Decodes a record.</summary>
    /// <param name="utf8">The record: one JSON object in UTF-8; a byte-order mark before it is passed over.</param>
    /// <param name="receivedAt">When the record was received: the call's time may lie at most <see cref="DecoderOptions.MaxFutureSkew"/> after it.</param>
    /// <param name="call">Filled with the call; empty when the record is refused. Its slices live as long as <paramref name="utf8"/> does.</param>
    /// <param name="error">Why the record was refused; its reason is <see cref="DecodeErrorReason.None"/> when it was not.</param>
    /// <returns>Whether the record was accepted.</returns>
    public bool TryDecode(ReadOnlyMemory<byte> utf8, DateTimeOffset receivedAt, ToolCall call, out DecodeError error)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.Reset();
        error = Decode(utf8, receivedAt, call);
        if (error.Reason == DecodeErrorReason.None)
        {
            return true;
        }

        call.Reset();
        return false;
    }

    private DecodeError Decode(ReadOnlyMemory<byte> utf8, DateTimeOffset receivedAt, ToolCall call)
    {
        if (utf8.Length > _options.MaxRecordBytes)
        {
            return new DecodeError(DecodeErrorReason.TooLarge);
        }

        if (utf8.Span.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        if (!Utf8.IsValid(utf8.Span))
        {
            return new DecodeError(DecodeErrorReason.InvalidUtf8);
        }

        if (utf8.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return new DecodeError(DecodeErrorReason.Empty);
        }

        try
        {
            return Read(utf8, receivedAt, call);
        }
        catch (JsonException)
        {
            // The reader has no other way to say so.
            return new DecodeError(DecodeErrorReason.MalformedJson);
        }
    }

    private DecodeError Read(ReadOnlyMemory<byte> json, DateTimeOffset receivedAt, ToolCall call)
    {
        var reader = new Utf8JsonReader(json.Span, ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            reader.Read();
            return new DecodeError(DecodeErrorReason.NotAnObject);
        }

        uint seen = 0;
        ToolAction inferred = ToolAction.Unknown;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            EventField field = _values.ReadFieldName(ref reader);
            reader.Read();
            if (field == EventField.Unknown)
            {
                reader.Skip();
                continue;
            }

            DecodeErrorReason reason = DecodeErrorReason.DuplicateField;
            if ((seen & (1u << (int)field)) == 0)
            {
                seen |= 1u << (int)field;
                reason = reader.TokenType == JsonTokenType.Null
                    ? DecodeErrorReason.None
                    : ReadValue(ref reader, field, json, receivedAt, call, ref inferred);
            }

            if (reason != DecodeErrorReason.None)
            {
                return new DecodeError(reason, EventFieldNames.NameOf(field));
            }
        }

        // Past the object's end: throws when anything but white space follows.
        reader.Read();
        return Complete(call, inferred);
    }

    private DecodeErrorReason ReadValue(
        ref Utf8JsonReader reader, EventField field, ReadOnlyMemory<byte> json, DateTimeOffset receivedAt, ToolCall call, ref ToolAction inferred)
    {
        DecodeErrorReason reason;
        switch (field)
        {
            case EventField.Id:
                call.IdUtf8 = _values.ReadId(ref reader, json, call, out reason);
                return reason;
            case EventField.Time:
                call.Time = _values.ReadTime(ref reader, Latest(receivedAt), out reason);
                return reason;
            case EventField.AgentId:
                call.AgentId = _values.ReadName(ref reader, _identities, out reason) ?? "";
                return reason;
            case EventField.Kind:
                call.Kind = _values.ReadKind(ref reader, out reason);
                return reason;
            case EventField.Tool:
                call.Tool = _values.ReadTool(ref reader, _tools, out inferred, out reason);
                return reason;
            case EventField.ToolServer:
                call.ToolServer = _values.ReadName(ref reader, _identities, out reason);
                return reason;
            case EventField.Action:
                call.Action = _values.ReadAction(ref reader, out reason);
                return reason;
            case EventField.Resources:
                return _values.ReadResources(ref reader, _resources, call);
            case EventField.Status:
                call.Status = _values.ReadStatus(ref reader, out reason);
                return reason;
            case EventField.Error:
                call.Error = _values.ReadError(ref reader, _resources, out reason);
                return reason;
            case EventField.Records:
                call.Records = EventValueReader.ReadNumber(ref reader, out reason);
                return reason;
            case EventField.RequestBytes:
                call.RequestBytes = EventValueReader.ReadNumber(ref reader, out reason);
                return reason;
            case EventField.ResultBytes:
                call.ResultBytes = EventValueReader.ReadNumber(ref reader, out reason);
                return reason;
            case EventField.DurationMs:
                call.DurationMs = EventValueReader.ReadNumber(ref reader, out reason);
                return reason;
            case EventField.Tokens:
                call.Tokens = EventValueReader.ReadNumber(ref reader, out reason);
                return reason;
            case EventField.SessionId:
                call.SessionId = _values.ReadName(ref reader, _sessions, out reason);
                return reason;
            case EventField.TraceId:
                call.TraceId = _values.ReadHex(ref reader, json, call, out reason);
                return reason;
            case EventField.SpanId:
                call.SpanId = _values.ReadHex(ref reader, json, call, out reason);
                return reason;
            case EventField.ParentSpanId:
                call.ParentSpanId = _values.ReadHex(ref reader, json, call, out reason);
                return reason;
            case EventField.Principal:
                call.Principal = _values.ReadName(ref reader, _identities, out reason);
                return reason;
            case EventField.CredentialId:
                call.CredentialId = _values.ReadName(ref reader, _identities, out reason);
                return reason;
            case EventField.AgentVersion:
                call.AgentVersion = _values.ReadName(ref reader, _identities, out reason);
                return reason;
            case EventField.ApprovalId:
                call.ApprovalId = _values.ReadName(ref reader, _sessions, out reason);
                return reason;
            case EventField.ResultSource:
                call.ResultSource = _values.ReadSource(ref reader, out reason);
                return reason;
            case EventField.Arguments:
                call.Arguments = EventValueReader.ReadRaw(ref reader, json, JsonTokenType.StartObject, out reason);
                return reason;
            case EventField.Result:
                call.Result = EventValueReader.ReadRaw(ref reader, json, JsonTokenType.String, out reason);
                return reason;
            case EventField.Content:
                call.Content = EventValueReader.ReadRaw(ref reader, json, JsonTokenType.String, out reason);
                return reason;
            case EventField.ArgumentOrigins:
                call.ArgumentOrigins = EventValueReader.ReadRaw(ref reader, json, JsonTokenType.StartArray, out reason);
                return reason;
            default:
                // Labels: known, so that they cannot occur twice; skipped, so that nothing can learn from them.
                reader.Skip();
                return DecodeErrorReason.None;
        }
    }

    private long Latest(DateTimeOffset receivedAt)
    {
        long received = receivedAt.UtcTicks;
        long skew = _options.MaxFutureSkew.Ticks;
        long last = DateTime.MaxValue.Ticks;
        return skew > last - received ? last : received + skew;
    }

    private DecodeError Complete(ToolCall call, ToolAction inferred)
    {
        EventField missing =
            call.IdUtf8.IsEmpty ? EventField.Id
            : call.Time == default ? EventField.Time
            : call.AgentId.Length == 0 ? EventField.AgentId
            : call.Tool.Length == 0 && call.Kind == CallKind.ToolCall ? EventField.Tool
            : EventField.Unknown;
        if (missing != EventField.Unknown)
        {
            return new DecodeError(DecodeErrorReason.MissingField, EventFieldNames.NameOf(missing));
        }

        if (call.Kind == CallKind.Request)
        {
            call.Tool = "";
        }
        else if (call.Action == ToolAction.Unknown)
        {
            call.Action = inferred;
        }

        if (call.SessionId is null && !call.TraceId.IsEmpty)
        {
            call.SessionId = EventValueReader.Intern(call.TraceId.Span, _sessions);
        }

        return default;
    }
}
