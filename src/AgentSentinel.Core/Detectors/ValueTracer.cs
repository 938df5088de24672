using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// Takes a call's arguments apart into values and finds where each had occurred in the session: computed from contents where they are told, else as
/// the producer says. Work space of one detector; what it holds is of the last call only.
/// </summary>
internal sealed class ValueTracer(FingerprintKey key)
{
    // A longer text is not looked for as a whole: nobody dictates it word by word. Addresses in it are.
    private const int LongestValue = 12;
    private const int ShortestDestination = 3;
    private const int MostValues = 64;
    private const int MostBytes = 1 << 16;
    private const int MostNames = 256;

    private static readonly JsonReaderOptions Strictly = new() { MaxDepth = 64 };
    private static readonly SearchValues<byte> Separators = SearchValues.Create(" \t\r\n\"'`<>()[]{},;|"u8);

    private static readonly string[] CredentialWords = ["password", "passwd", "passphrase", "passcode", "secret", "token", "credential", "apikey", "api_key", "private_key", "pin"];

    private readonly List<TracedValue> _values = [];
    private readonly List<ulong> _tokens = [];
    private readonly Dictionary<ulong, string> _names = [];
    private byte[] _scratch = new byte[1024];

    /// <summary>The values of the call traced last.</summary>
    public IReadOnlyList<TracedValue> Values => _values;

    /// <summary>Traces a call. What is no valid JSON has no values.</summary>
    public void Trace(ToolCall call, ulong tool, LineageSession session)
    {
        _values.Clear();
        _tokens.Clear();
        try
        {
            if (call.Arguments.Length > 0 && session.HasContent)
            {
                ReadArguments(call.Arguments.Span, tool, session);
            }
            else if (call.ArgumentOrigins.Length > 0)
            {
                ReadOrigins(call.ArgumentOrigins.Span, tool, session);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Content is valid JSON in form only: an escape may spell half a character. What was read so far counts.
        }
    }

    /// <summary>Whether a value's words stand in a row in one of the call's resources.</summary>
    public bool IsTarget(in TracedValue value, ToolCall call)
    {
        Span<byte> utf8 = stackalloc byte[512];
        foreach (var resource in call.Resources)
        {
            if (!Encoding.UTF8.TryGetBytes(resource.AsSpan(0, Math.Min(resource.Length, 160)), utf8, out var length))
            {
                continue;
            }

            var tokens = new TextTokens(key, utf8[..length], isEscaped: false);
            var matched = 0;
            while (tokens.TryRead(out var token) && matched < value.Tokens)
            {
                matched = token == _tokens[value.FirstToken + matched] ? matched + 1 : token == _tokens[value.FirstToken] ? 1 : 0;
            }

            if (matched == value.Tokens)
            {
                return true;
            }
        }

        return false;
    }

    private void ReadArguments(ReadOnlySpan<byte> json, ulong tool, LineageSession session)
    {
        var reader = new Utf8JsonReader(json, Strictly);
        var argument = (Fingerprint: tool, Name: "", IsCredential: false);
        while (reader.Read() && _values.Count < MostValues)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    argument = ArgumentOf(tool, reader.ValueSpan);
                    break;
                case JsonTokenType.String:
                    AddText(Unescape(reader.ValueSpan, reader.ValueIsEscaped), argument, session);
                    break;
                case JsonTokenType.Number:
                    Add(WithoutZeroes(reader.ValueSpan), argument, session, null, isAddress: false);
                    break;
                default:
                    break;
            }
        }
    }

    private void ReadOrigins(ReadOnlySpan<byte> json, ulong tool, LineageSession session)
    {
        var reader = new Utf8JsonReader(json, Strictly);
        while (reader.Read() && _values.Count < MostValues)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                continue;
            }

            var argument = (Fingerprint: tool, Name: "", IsCredential: false);
            var value = ReadOnlySpan<byte>.Empty;
            ulong origins = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isArgument, isValue, isOrigins) = (reader.ValueTextEquals("argument"u8), reader.ValueTextEquals("value"u8), reader.ValueTextEquals("origins"u8));
                reader.Read();
                if (isArgument && reader.TokenType == JsonTokenType.String)
                {
                    var name = reader.ValueSpan;
                    argument = ArgumentOf(tool, name[(name.LastIndexOf((byte)'.') + 1)..]);
                }
                else if (isValue && reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
                {
                    value = Unescape(reader.ValueSpan, reader.ValueIsEscaped);
                }
                else if (isOrigins && reader.TokenType == JsonTokenType.StartArray)
                {
                    origins = Origins(ref reader, session);
                }
                else
                {
                    reader.Skip();
                }
            }

            Add(WithoutZeroes(WithoutScheme(value)), argument, session, origins, IsAddress(value));
        }
    }

    private ulong Origins(ref Utf8JsonReader reader, LineageSession session)
    {
        ulong origins = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
            }
            else if (reader.ValueTextEquals("request"u8))
            {
                origins |= LineageSession.Request;
            }
            else if (reader.ValueSpan.StartsWith("result:"u8))
            {
                origins |= session.BitOf(Fingerprint.Of(key, reader.ValueSpan["result:".Length..]));
            }
        }

        return origins;
    }

    /// <summary>A text is a value; addresses within a longer one are values of their own.</summary>
    private void AddText(ReadOnlySpan<byte> text, (ulong Fingerprint, string Name, bool IsCredential) argument, LineageSession session)
    {
        if (text.IndexOfAny(Separators) < 0)
        {
            Add(WithoutZeroes(WithoutScheme(text)), argument, session, null, IsAddress(text));
            return;
        }

        Add(text, argument, session, null, isAddress: false);
        while (!text.IsEmpty && _values.Count < MostValues)
        {
            var end = text.IndexOfAny(Separators);
            var word = (end < 0 ? text : text[..end]).Trim(". ,:;!?"u8);
            if (IsAddress(word))
            {
                Add(WithoutScheme(word), argument, session, null, isAddress: true);
            }

            text = end < 0 ? [] : text[(end + 1)..];
        }
    }

    private void Add(
        ReadOnlySpan<byte> text, (ulong Fingerprint, string Name, bool IsCredential) argument, LineageSession session, ulong? told, bool isAddress)
    {
        var first = _tokens.Count;
        var tokens = new TextTokens(key, text, isEscaped: false);
        ulong value = 0;
        var origins = ulong.MaxValue;
        while (tokens.TryRead(out var token))
        {
            if (_tokens.Count - first == LongestValue)
            {
                _tokens.RemoveRange(first, LongestValue);
                return;
            }

            origins &= _tokens.Count == first ? session.OriginsOf(token) : session.OriginsOf(TextTokens.Pair(_tokens[^1], token));
            value = TextTokens.Pair(value, token);
            _tokens.Add(token);
        }

        if (_tokens.Count > first && _values.Count < MostValues)
        {
            _values.Add(new TracedValue(
                argument.Fingerprint, argument.Name, value, told ?? origins, first, _tokens.Count - first, isAddress, argument.IsCredential, text.Length <= ShortestDestination));
        }
    }

    private (ulong Fingerprint, string Name, bool IsCredential) ArgumentOf(ulong tool, ReadOnlySpan<byte> name)
    {
        name = name[..Math.Min(name.Length, 64)];
        var fingerprint = Fingerprint.Of(key, name);
        if (!_names.TryGetValue(fingerprint, out var text))
        {
            if (_names.Count == MostNames)
            {
                _names.Clear();
            }

            _names.Add(fingerprint, text = PlainText.Of(Encoding.UTF8.GetString(name)));
        }

        var isCredential = false;
        foreach (var word in CredentialWords)
        {
            isCredential |= word.Length > 3 ? text.Contains(word, StringComparison.OrdinalIgnoreCase) : text.Equals(word, StringComparison.OrdinalIgnoreCase);
        }

        return (TextTokens.Pair(tool, fingerprint), text, isCredential);
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text, bool isEscaped)
    {
        if (!isEscaped)
        {
            return text[..Math.Min(text.Length, MostBytes)];
        }

        if (_scratch.Length < text.Length)
        {
            _scratch = new byte[text.Length];
        }

        JsonText.Unescape(text, _scratch, out var written);
        return _scratch.AsSpan(0, Math.Min(written, MostBytes));
    }

    private static ReadOnlySpan<byte> WithoutScheme(ReadOnlySpan<byte> text) =>
        text.IndexOf("://"u8) is >= 0 and <= 5 and var at ? text[(at + 3)..] : text;

    /// <summary>2200.0 and 10.00 are the same number as 2200 and 10.</summary>
    private static ReadOnlySpan<byte> WithoutZeroes(ReadOnlySpan<byte> text)
    {
        var point = text.IndexOf((byte)'.');
        return point > 0 && text[..point].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && text[(point + 1)..].IndexOfAnyExcept((byte)'0') < 0 ? text[..point] : text;
    }

    /// <summary>A host, URL or e-mail address: a dot with a name before it and a word of at least two letters after it.</summary>
    private static bool IsAddress(ReadOnlySpan<byte> text)
    {
        text = WithoutScheme(text);
        var path = text.IndexOf((byte)'/');
        var host = path < 0 ? text : text[..path];
        var dot = host.LastIndexOf((byte)'.');
        if (dot <= 0 || host.Length - dot < 3 || host.IndexOfAny(Separators) >= 0)
        {
            return false;
        }

        foreach (var letter in host[(dot + 1)..])
        {
            if (!char.IsAsciiLetter((char)letter))
            {
                return false;
            }
        }

        return true;
    }
}
