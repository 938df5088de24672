using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentSentinel.Core.Events;

/// <summary>Reads the values of an event's fields and holds them to the contract. Owned by one <see cref="ToolCallDecoder"/>: it has a work buffer.</summary>
/// <remarks>Every method is called with the reader on the value's first token, never null, and leaves it on the last one.</remarks>
internal sealed class EventValueReader
{
    internal const int MaxId = 128;
    internal const int MaxText = 256;
    internal const int MaxHex = 32;
    internal const int MaxResource = 1024;
    internal const int MaxResources = 64;
    internal const double MaxNumber = 1e15;

    // The longest word of an enumeration is a good deal shorter.
    private const int MaxWord = 32;

    // Up to 15 digits are below MaxNumber and exact in a double.
    private const int MaxPlainDigits = 15;

    private const NumberStyles JsonNumber = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static readonly long EarliestTicks = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private readonly byte[] _scratch = new byte[MaxResource * JsonText.MaxBytesPerChar];

    internal EventField ReadFieldName(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return EventFieldNames.Match(name);
        }

        // A name of the contract can be spelled with escapes; a longer text, or one that is no text, is none of them.
        return name.Length <= EventFieldNames.MaxLength * JsonText.MaxBytesPerChar && JsonText.Unescape(name, _scratch, out int length)
            ? EventFieldNames.Match(_scratch.AsSpan(0, length))
            : EventField.Unknown;
    }

    internal ReadOnlyMemory<byte> ReadId(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, ToolCall call, out DecodeErrorReason reason)
    {
        ReadOnlySpan<byte> utf8 = Unescape(ref reader, MaxId, out reason);
        if (reason == DecodeErrorReason.None)
        {
            reason = Check(utf8, MaxId);
        }

        return reason == DecodeErrorReason.None ? Keep(ref reader, json, utf8, call) : default;
    }

    internal ReadOnlyMemory<byte> ReadHex(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, ToolCall call, out DecodeErrorReason reason)
    {
        ReadOnlySpan<byte> utf8 = Unescape(ref reader, MaxHex, out reason);
        if (reason == DecodeErrorReason.None)
        {
            reason = JsonText.IsLongerThan(utf8, MaxHex) ? DecodeErrorReason.TooLong
                : utf8.ContainsAnyExcept(HexDigits) ? DecodeErrorReason.UnknownValue
                : DecodeErrorReason.None;
        }

        return reason == DecodeErrorReason.None ? Keep(ref reader, json, utf8, call) : default;
    }

    /// <summary>A name of at most 256 characters; null when it is empty.</summary>
    internal string? ReadName(ref Utf8JsonReader reader, TextCache cache, out DecodeErrorReason reason)
    {
        ReadOnlySpan<byte> utf8 = Unescape(ref reader, MaxText, out reason);
        if (reason != DecodeErrorReason.None || utf8.IsEmpty)
        {
            return null;
        }

        // What the cache holds has passed the checks: it is shorter than every limit.
        if (cache.TryGet(utf8, out string text, out _))
        {
            return text;
        }

        reason = Check(utf8, MaxText);
        return reason == DecodeErrorReason.None ? Intern(utf8, cache) : null;
    }

    /// <summary>An error, cut off after 256 characters; null when it is empty. Cleaned as in <see cref="ReadResources"/>.</summary>
    internal string? ReadError(ref Utf8JsonReader reader, TextCache cache, out DecodeErrorReason reason) =>
        ReadFreeText(ref reader, cache, MaxText, out reason);

    /// <summary>The tool's name, empty when it is, and what the name says that the tool does.</summary>
    internal string ReadTool(ref Utf8JsonReader reader, TextCache cache, out ToolAction action, out DecodeErrorReason reason)
    {
        action = ToolAction.Unknown;
        ReadOnlySpan<byte> utf8 = Unescape(ref reader, MaxText, out reason);
        if (reason != DecodeErrorReason.None)
        {
            return "";
        }

        if (cache.TryGet(utf8, out string text, out action))
        {
            return text;
        }

        reason = Check(utf8, MaxText);
        if (reason != DecodeErrorReason.None)
        {
            return "";
        }

        text = Encoding.UTF8.GetString(utf8);
        action = ToolActionNames.Infer(text);
        cache.Add(utf8, text, action);
        return text;
    }

    /// <summary>
    /// The first 64 resources, and how many there are. Each control character and half of a surrogate pair in them becomes U+FFFD, and what is
    /// over 1024 characters is cut off. An empty one names nothing: if it took a place, 64 of them would hide what comes after.
    /// </summary>
    /// <remarks>
    /// What an agent was talked into shows in the resources and errors of its calls: injected text, line breaks and all. To refuse such a call
    /// would hide an attack from every detector, and let whoever writes the text decide it.
    /// </remarks>
    internal DecodeErrorReason ReadResources(ref Utf8JsonReader reader, TextCache cache, ToolCall call)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return DecodeErrorReason.WrongType;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (call.ResourceCount >= MaxResources && reader.TokenType == JsonTokenType.String)
            {
                call.ResourceCount += reader.ValueSpan.IsEmpty ? 0 : 1;
                continue;
            }

            string? resource = ReadFreeText(ref reader, cache, MaxResource, out DecodeErrorReason reason);
            if (reason != DecodeErrorReason.None)
            {
                return reason;
            }

            if (resource is not null)
            {
                call.AddResource(resource);
            }
        }

        return DecodeErrorReason.None;
    }

    /// <summary>The time in UTC; default when it is empty.</summary>
    internal DateTimeOffset ReadTime(ref Utf8JsonReader reader, long latestTicks, out DecodeErrorReason reason)
    {
        ReadOnlySpan<byte> utf8 = Unescape(ref reader, Rfc3339.MaxLength, out reason);
        if (reason != DecodeErrorReason.None || utf8.IsEmpty)
        {
            reason = reason == DecodeErrorReason.TooLong ? DecodeErrorReason.InvalidTime : reason;
            return default;
        }

        reason = !Rfc3339.TryParse(utf8, out long ticks) ? DecodeErrorReason.InvalidTime
            : ticks < EarliestTicks ? DecodeErrorReason.TimeOutOfRange
            : ticks > latestTicks ? DecodeErrorReason.TimeInFuture
            : DecodeErrorReason.None;
        return reason == DecodeErrorReason.None ? new DateTimeOffset(ticks, TimeSpan.Zero) : default;
    }

    internal CallKind ReadKind(ref Utf8JsonReader reader, out DecodeErrorReason reason)
    {
        ReadOnlySpan<byte> word = ReadWord(ref reader, out reason);
        return word.SequenceEqual("tool_call"u8) ? CallKind.ToolCall
            : word.SequenceEqual("request"u8) ? CallKind.Request
            : Refuse<CallKind>(ref reason);
    }

    internal CallStatus ReadStatus(ref Utf8JsonReader reader, out DecodeErrorReason reason)
    {
        ReadOnlySpan<byte> word = ReadWord(ref reader, out reason);
        return word.SequenceEqual("ok"u8) ? CallStatus.Ok
            : word.SequenceEqual("error"u8) ? CallStatus.Error
            : word.SequenceEqual("denied"u8) ? CallStatus.Denied
            : Refuse<CallStatus>(ref reason);
    }

    internal ToolAction ReadAction(ref Utf8JsonReader reader, out DecodeErrorReason reason)
    {
        ReadOnlySpan<byte> word = ReadWord(ref reader, out reason);
        return word.SequenceEqual("read"u8) ? ToolAction.Read
            : word.SequenceEqual("write"u8) ? ToolAction.Write
            : word.SequenceEqual("delete"u8) ? ToolAction.Delete
            : word.SequenceEqual("execute"u8) ? ToolAction.Execute
            : word.SequenceEqual("send"u8) ? ToolAction.Send
            : word.SequenceEqual("admin"u8) ? ToolAction.Admin
            : Refuse<ToolAction>(ref reason);
    }

    internal SourceTrust ReadSource(ref Utf8JsonReader reader, out DecodeErrorReason reason)
    {
        ReadOnlySpan<byte> word = ReadWord(ref reader, out reason);
        return word.SequenceEqual("trusted"u8) ? SourceTrust.Trusted
            : word.SequenceEqual("internal"u8) ? SourceTrust.Internal
            : word.SequenceEqual("external"u8) ? SourceTrust.External
            : word.SequenceEqual("untrusted"u8) ? SourceTrust.Untrusted
            : Refuse<SourceTrust>(ref reason);
    }

    internal static double? ReadNumber(ref Utf8JsonReader reader, out DecodeErrorReason reason)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            reason = DecodeErrorReason.WrongType;
            return null;
        }

        reason = DecodeErrorReason.None;
        ReadOnlySpan<byte> digits = reader.ValueSpan;
        if (digits.Length <= MaxPlainDigits && TryReadPlain(digits, out double number))
        {
            return number;
        }

        // JSON's grammar is a part of what this parses; it rounds to infinity and to zero instead of failing.
        number = double.Parse(digits, JsonNumber, CultureInfo.InvariantCulture);
        reason = number < 0 ? DecodeErrorReason.NegativeNumber
            : number <= MaxNumber ? DecodeErrorReason.None
            : DecodeErrorReason.NumberOutOfRange;

        // Negative zero is the only number that equals zero and is not it.
        return reason != DecodeErrorReason.None ? null : number == 0 ? 0 : number;
    }

    /// <summary>The value as it stands in the record, held only to its JSON type: its escapes may spell halves of surrogate pairs.</summary>
    internal static ReadOnlyMemory<byte> ReadRaw(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, JsonTokenType type, out DecodeErrorReason reason)
    {
        if (reader.TokenType != type)
        {
            reason = DecodeErrorReason.WrongType;
            return default;
        }

        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        reason = DecodeErrorReason.None;
        return json[start..(int)reader.BytesConsumed];
    }

    /// <summary>The text of bytes that need no check.</summary>
    internal static string Intern(ReadOnlySpan<byte> utf8, TextCache cache)
    {
        if (!cache.TryGet(utf8, out string text, out _))
        {
            text = Encoding.UTF8.GetString(utf8);
            cache.Add(utf8, text, ToolAction.Unknown);
        }

        return text;
    }

    /// <summary>A text that others than the producer can write: cleaned and cut, never refused but for its type.</summary>
    private string? ReadFreeText(ref Utf8JsonReader reader, TextCache cache, int maxChars, out DecodeErrorReason reason)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reason = DecodeErrorReason.WrongType;
            return null;
        }

        reason = DecodeErrorReason.None;
        ReadOnlySpan<byte> utf8 = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            // Longer than the work buffer is rare, so it may copy: at most the record.
            byte[] unescaped = utf8.Length <= _scratch.Length ? _scratch : new byte[utf8.Length];
            JsonText.Unescape(utf8, unescaped, out int length);
            utf8 = unescaped.AsSpan(0, length);
        }

        if (utf8.IsEmpty)
        {
            return null;
        }

        if (cache.TryGet(utf8, out string text, out _))
        {
            return text;
        }

        // What is not what its bytes say is not kept.
        return Check(utf8, maxChars) == DecodeErrorReason.None ? Intern(utf8, cache) : Clean(utf8, maxChars);
    }

    /// <summary>The text of a name or word; in the work buffer, good until the next call, if it had escapes.</summary>
    private ReadOnlySpan<byte> Unescape(ref Utf8JsonReader reader, int maxChars, out DecodeErrorReason reason)
    {
        reason = DecodeErrorReason.None;
        if (reader.TokenType != JsonTokenType.String)
        {
            reason = DecodeErrorReason.WrongType;
            return default;
        }

        ReadOnlySpan<byte> inside = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return inside;
        }

        if (inside.Length > maxChars * JsonText.MaxBytesPerChar)
        {
            reason = JsonText.HasHalfPair(inside) ? DecodeErrorReason.InvalidUtf8 : DecodeErrorReason.TooLong;
            return default;
        }

        if (!JsonText.Unescape(inside, _scratch, out int length))
        {
            reason = DecodeErrorReason.InvalidUtf8;
            return default;
        }

        return _scratch.AsSpan(0, length);
    }

    private ReadOnlySpan<byte> ReadWord(ref Utf8JsonReader reader, out DecodeErrorReason reason)
    {
        ReadOnlySpan<byte> word = Unescape(ref reader, MaxWord, out reason);
        reason = reason == DecodeErrorReason.TooLong ? DecodeErrorReason.UnknownValue : reason;
        return word;
    }

    private static T Refuse<T>(ref DecodeErrorReason reason)
        where T : struct, Enum
    {
        reason = reason == DecodeErrorReason.None ? DecodeErrorReason.UnknownValue : reason;
        return default;
    }

    private static DecodeErrorReason Check(ReadOnlySpan<byte> utf8, int maxChars) =>
        JsonText.IsLongerThan(utf8, maxChars) ? DecodeErrorReason.TooLong
        : JsonText.HasControlCharacter(utf8) ? DecodeErrorReason.ControlCharacter
        : DecodeErrorReason.None;

    private static string Clean(ReadOnlySpan<byte> utf8, int maxChars)
    {
        char[] chars = Encoding.UTF8.GetString(utf8).ToCharArray();
        int length = Math.Min(chars.Length, maxChars);
        if (length < chars.Length && char.IsHighSurrogate(chars[length - 1]))
        {
            length--;
        }

        for (int i = 0; i < length; i++)
        {
            chars[i] = char.IsControl(chars[i]) ? '\uFFFD' : chars[i];
        }

        return new string(chars, 0, length);
    }

    private static ReadOnlyMemory<byte> Keep(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, scoped ReadOnlySpan<byte> utf8, ToolCall call) =>
        reader.ValueIsEscaped ? call.KeepUnescaped(utf8) : json.Slice((int)reader.TokenStartIndex + 1, utf8.Length);

    private static bool TryReadPlain(ReadOnlySpan<byte> digits, out double number)
    {
        long value = 0;
        number = 0;
        foreach (byte digit in digits)
        {
            uint d = (uint)(digit - '0');
            if (d > 9)
            {
                return false;
            }

            value = (value * 10) + d;
        }

        number = value;
        return true;
    }
}
