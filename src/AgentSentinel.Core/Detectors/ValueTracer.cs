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

    // What is carried out is copied word by word.
    private const int LongestOrder = 64;
    private const int UnspacedPerWord = 3;
    private const int ShortestDestination = 3;
    private const int ShortestName = 3;
    private const int FewestNames = 3;

    // A call has room for so many values, and for more of those that say where it goes or what it does: rows of data must not hide whom they are sent to.
    private const int MostValues = 64;
    private const int MostDecisiveValues = 256;
    private const int MostBytes = 1 << 16;

    private static readonly JsonReaderOptions Strictly = new() { MaxDepth = 64 };
    private static readonly SearchValues<byte> Separators = SearchValues.Create(" \t\r\n\"'`<>()[]{},;|"u8);
    private static readonly SearchValues<byte> CommandSeparators = SearchValues.Create("\r\n\"'`();|&"u8);

    private readonly List<TracedValue> _values = [];
    private readonly List<ulong> _tokens = [];
    private readonly ArgumentNames _names = new(key);
    private readonly ulong _anyHost = GroupedCode.TokenOf("www"u8, key);
    private byte[] _scratch = new byte[1024];
    private bool _executes;

    /// <summary>The values of the call traced last.</summary>
    public IReadOnlyList<TracedValue> Values => _values;

    /// <summary>Traces a call. What is no valid JSON has no values.</summary>
    public void Trace(ToolCall call, ulong tool, LineageSession session)
    {
        _values.Clear();
        _tokens.Clear();
        _executes = call.Action == ToolAction.Execute;
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

    /// <summary>
    /// Whether a value's words stand in a row in one of the call's resources, or it is one of a resource's words once nothing groups it, or the argument's
    /// name says that it is who gets it; where no resource is told, also that it is where the call goes.
    /// </summary>
    public bool IsTarget(in TracedValue value, ToolCall call)
    {
        if (value.SaysWho || call.Resources.IsEmpty)
        {
            return value.SaysWho || value.SaysWhere;
        }

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

            if (matched == value.Tokens || HasWord(utf8[..length], value))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasWord(ReadOnlySpan<byte> resource, in TracedValue value)
    {
        var tokens = new TextTokens(key, resource, isEscaped: false);
        while (tokens.TryRead(out var token))
        {
            if (TextTokens.Pair(0, token) == value.Value)
            {
                return true;
            }
        }

        return false;
    }

    private void ReadArguments(ReadOnlySpan<byte> json, ulong tool, LineageSession session)
    {
        var reader = new Utf8JsonReader(json, Strictly);
        var argument = ArgumentName.None(tool);
        while (reader.Read() && _values.Count < MostDecisiveValues)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    // {"eve@evil.example": "owner"}: what has an address for a name is a value with one.
                    var name = reader.ValueSpan;
                    if (name.IndexOf((byte)'@') > 0 && NetworkAddress.Is(name))
                    {
                        AddText(Unescape(name, reader.ValueIsEscaped), argument, session);
                    }
                    else
                    {
                        argument = _names.Of(tool, _executes, name);
                    }

                    break;
                case JsonTokenType.String:
                    AddText(Unescape(reader.ValueSpan, reader.ValueIsEscaped), argument, session);
                    break;
                case JsonTokenType.Number:
                    Add(GroupedCode.WithoutZeroes(reader.ValueSpan), argument, session, null, isAddress: false);
                    break;
                default:
                    break;
            }
        }
    }

    private void ReadOrigins(ReadOnlySpan<byte> json, ulong tool, LineageSession session)
    {
        var reader = new Utf8JsonReader(json, Strictly);
        while (reader.Read() && _values.Count < MostDecisiveValues)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                continue;
            }

            var argument = ArgumentName.None(tool);
            var value = ReadOnlySpan<byte>.Empty;
            ulong origins = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isArgument, isValue, isOrigins) = (reader.ValueTextEquals("argument"u8), reader.ValueTextEquals("value"u8), reader.ValueTextEquals("origins"u8));
                reader.Read();
                if (isArgument && reader.TokenType == JsonTokenType.String)
                {
                    var name = reader.ValueSpan;
                    argument = _names.Of(tool, _executes, name[(name.LastIndexOf((byte)'.') + 1)..]);
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

            Add(GroupedCode.WithoutZeroes(NetworkAddress.WithoutScheme(value)), argument, session, origins, NetworkAddress.Is(value), NetworkAddress.Is(value) && NetworkAddress.IsMailbox(value));
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
    private void AddText(ReadOnlySpan<byte> text, ArgumentName argument, LineageSession session)
    {
        if (text.IndexOfAny(Separators) < 0)
        {
            AddWord(text, argument, session);
            return;
        }

        var before = _values.Count;
        Add(text, argument, session, null, isAddress: false);
        var isMadeUp = _values.Count > before && _values[before].Origins == 0;
        if (argument.IsCommand && (isMadeUp || _values.Count == before))
        {
            AddCommands(text, argument, session);
        }

        while (!text.IsEmpty && _values.Count < MostDecisiveValues)
        {
            var end = text.IndexOfAny(Separators);
            var word = (end < 0 ? text : text[..end]).Trim(". ,:;!?"u8);
            word = NetworkAddress.Assigned(word) is { IsEmpty: false } assigned ? assigned : word;
            if (NetworkAddress.Is(word))
            {
                AddWord(word, argument, session);
            }

            text = end < 0 ? [] : text[(end + 1)..];
        }

        // Of what was made up around addresses they are what counts.
        if (isMadeUp && _values.Count > before + 1)
        {
            _values.RemoveAt(before);
        }
    }

    /// <summary>A command that no text has as a whole may have others in it that one has.</summary>
    private void AddCommands(ReadOnlySpan<byte> text, ArgumentName argument, LineageSession session)
    {
        while (!text.IsEmpty && _values.Count < MostDecisiveValues)
        {
            var end = text.IndexOfAny(CommandSeparators);
            var before = _values.Count;
            Add(end < 0 ? text : text[..end], argument, session, null, isAddress: false);
            if (_values.Count > before && (_values[before].Origins == 0 || !_values[before].IsOrder))
            {
                _values.RemoveAt(before);
            }

            text = end < 0 ? [] : text[(end + 1)..];
        }
    }

    /// <summary>What an address leads on to: an address in its query.</summary>
    private void AddOnward(ReadOnlySpan<byte> address, ArgumentName argument, LineageSession session)
    {
        var query = address.IndexOfAny("?#"u8);
        for (var rest = query < 0 ? [] : address[(query + 1)..]; !rest.IsEmpty && _values.Count < MostDecisiveValues;)
        {
            var end = rest.IndexOfAny("&;#"u8);
            if (NetworkAddress.Onward(end < 0 ? rest : rest[..end]) is { } onward)
            {
                AddWord(onward, argument, session);
            }

            rest = end < 0 ? [] : rest[(end + 1)..];
        }
    }

    /// <summary>An address that no text has as a whole is its host: what comes after that may have been made up, or be what is carried away.</summary>
    private void AddWord(ReadOnlySpan<byte> word, ArgumentName argument, LineageSession session)
    {
        var (isAddress, before) = (NetworkAddress.Is(word), _values.Count);
        Add(GroupedCode.WithoutZeroes(NetworkAddress.WithoutScheme(word)), argument, session, null, isAddress, isAddress && NetworkAddress.IsMailbox(word));
        if (!isAddress || (_values.Count > before && _values[before].Origins != 0))
        {
            return;
        }

        if (NetworkAddress.Respelled(word) is { } respelled)
        {
            Replace(before, NetworkAddress.WithoutScheme(respelled), argument, session, NetworkAddress.IsMailbox(word), _ => true);
        }

        if (_values.Count == before || _values[before].Origins == 0)
        {
            // Somebody at a host that the request names may be anybody.
            var isMailbox = NetworkAddress.IsMailbox(word);
            if (isMailbox || NetworkAddress.HasPath(word))
            {
                Replace(before, NetworkAddress.HostOf(word), argument, session, isMailbox, origins => !isMailbox || (origins != 0 && (origins & LineageSession.Request) == 0));
                AddOnward(word, argument, session);
            }
        }
    }

    /// <summary>Puts another value in the place of the one that was added last, if what it comes from is worth it.</summary>
    private void Replace(int at, ReadOnlySpan<byte> text, ArgumentName argument, LineageSession session, bool isMailbox, Func<ulong, bool> isBetter)
    {
        var former = _values.Count > at ? _values[at] : (TracedValue?)null;
        _values.RemoveRange(at, _values.Count - at);
        Add(text, argument, session, null, isAddress: true, isMailbox);
        if (former is { } value && (_values.Count == at || !isBetter(_values[at].Origins)))
        {
            _values.RemoveRange(at, _values.Count - at);
            _values.Add(value);
        }
    }

    private void Add(
        ReadOnlySpan<byte> text, ArgumentName argument, LineageSession session, ulong? told, bool isAddress, bool isMailbox = false)
    {
        var isDecisive = isAddress || argument.MayBeOrder || argument.IsCredential || argument.SaysWho || argument.SaysWhere;
        if (_values.Count >= (isDecisive ? MostDecisiveValues : MostValues))
        {
            return;
        }

        var first = _tokens.Count;
        var room = (argument.MayBeOrder ? LongestOrder : LongestValue) * UnspacedPerWord;
        var tokens = new TextTokens(key, text, isEscaped: false);
        ulong value = 0;
        var origins = ulong.MaxValue;
        var (asked, lastIsAsked, looksAsked, lastIsUnspaced) = (0, false, true, false);
        while (tokens.TryRead(out var token))
        {
            room -= tokens.IsUnspaced ? 1 : UnspacedPerWord;
            if (room < 0)
            {
                _tokens.RemoveRange(first, _tokens.Count - first);
                return;
            }

            var texts = session.OriginsOf(token);
            var pairs = _tokens.Count == first ? texts : session.OriginsOf(TextTokens.Pair(_tokens[^1], token));
            origins &= pairs;

            // One sign of many says no more than a letter does: it takes two in a row.
            lastIsAsked = tokens.IsUnspaced
                ? lastIsUnspaced && (pairs & LineageSession.Request) != 0
                : (texts & LineageSession.Request) != 0 && tokens.End - tokens.Begin >= ShortestName && token != _anyHost;
            lastIsUnspaced = tokens.IsUnspaced;
            asked += lastIsAsked ? 1 : 0;
            looksAsked &= tokens.Own == 0 || (session.OriginsOf(tokens.Own, LineageSession.Request) != 0);
            value = TextTokens.Pair(value, tokens.Own == 0 ? token : tokens.Own);
            _tokens.Add(token);
        }

        var count = _tokens.Count - first;
        if (count == 0)
        {
            return;
        }

        Span<byte> code = stackalloc byte[GroupedCode.Longest];
        if (GroupedCode.Compact(text, code) is > 0 and var length)
        {
            value = TextTokens.Pair(0, GroupedCode.TokenOf(code[..length], key));
            origins |= told is null && (origins & LineageSession.Request) == 0 ? GroupedCode.OriginsOf(code[..length], key, session) : 0;
            origins |= told is null && text[0] == '+' && (origins & LineageSession.Request) == 0 ? GroupedCode.DialledOriginsOf(code[..length], key, session) : 0;
        }

        // How an address ends says nothing of whose it is. Three words that the request has in whatever order make the address that it speaks of.
        asked -= isAddress && lastIsAsked ? 1 : 0;
        origins |= isAddress && asked >= FewestNames && asked >= count - 1 ? LineageSession.Request : 0;

        // What only looks like what the request has is what somebody wants to be taken for it.
        (origins, asked) = looksAsked ? (origins, asked) : (origins & ~LineageSession.Request, 0);
        _values.Add(new TracedValue(
            argument.Fingerprint, argument.Name, value, told ?? origins, first, count, isAddress, argument.IsCredential, argument.IsOrderIn(text) && count >= FewestNames, argument.SaysWho, argument.SaysWhere, text.Length <= ShortestDestination && text.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0, isAddress ? 0 : argument.Namesakes,
            isAddress ? TextTokens.ValueOf(key, NetworkAddress.PlaceOf(text)) : 0, isMailbox, isMailbox && argument.IsProse, asked > 0));
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
}
