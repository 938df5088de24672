using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// What an open session has been asked and told so far: fingerprints of words, never the words. Exists only where the telemetry tells of contents or origins.
/// At most 195 KB for a session of contents that fills every filter, 30 KB for one of origins. Owned by the agent's <see cref="LineageMemory"/>.
/// </summary>
internal sealed class LineageSession(ulong id, FingerprintKey key)
{
    /// <summary>Bit of the request in a value's origins.</summary>
    public const ulong Request = 1;

    // Bit 0 is the request's, one for each further text; those for which there is no room share the last, which forgets what was longest ago.
    private const int MostSources = 63;
    private const int SharedBytes = 1 << 14;
    private const int LeastRequestBytes = 512;
    private const int MostRequestBytes = 1 << 15;
    private const int MostFacts = 256;
    private const int MostEchoes = 256;

    private const double UnknownWeight = 0.85;

    // More of one text is not looked at: 256 KB of result.
    private const int MostBytes = 1 << 18;

    /// <summary>Once its filters take so much, further texts share one.</summary>
    public const int MostFilterBytes = 1 << 17;

    private readonly List<LineageSource> _sources = [];
    private readonly List<LineageFact> _facts = [];

    // Values that a call had been given, and the bit of its result, which may but repeat them. Those of long ago make room.
    private readonly List<(ulong Value, int Text)> _echoes = [];

    // What people write for the signs of an address: "eve (at) evil [dot] example".
    private readonly ulong _at = GroupedCode.TokenOf("at"u8, key);
    private readonly ulong _dot = GroupedCode.TokenOf("dot"u8, key);

    // Bit 0 the request, then as the sources; null for a text that was not told.
    private readonly List<TextFilter?> _filters = [];
    private int _filterBytes;
    private bool _isLastShared;

    public ulong Id { get; } = id;

    public DateTimeOffset LastTime { get; private set; }

    /// <summary>What its filters take.</summary>
    public int FilterBytes => _filterBytes;

    /// <summary>An alarm was raised in it: nothing of it is learned.</summary>
    public bool IsQuarantined { get; private set; }

    /// <summary>Id of the request, or null when none was seen.</summary>
    public string? RequestId { get; private set; }

    /// <summary>Contents were seen: origins can be computed.</summary>
    public bool HasContent { get; private set; }

    /// <summary>The latest source that an outsider could have written, or nobody knows who; −1 when there is none.</summary>
    public int LatestForeign => _sources.FindLastIndex(source => Weight(source.Trust) >= UnknownWeight);

    public IReadOnlyList<LineageSource> Sources => _sources;

    /// <summary>Whether a source may stand for an earlier one that shares its bit.</summary>
    public bool IsShared(in LineageSource source) => _isLastShared && source == _sources[^1];

    public IReadOnlyList<LineageFact> Facts => _facts;

    /// <summary>The texts in which one word, or two in a row, occurred.</summary>
    /// <param name="token">Its fingerprint.</param>
    /// <param name="among">The texts that are of interest.</param>
    public ulong OriginsOf(ulong token, ulong among = ulong.MaxValue)
    {
        ulong origins = 0;
        for (var i = 0; i < _filters.Count; i++)
        {
            origins |= (among & (1UL << i)) != 0 && _filters[i]?.Contains(token) == true ? 1UL << i : 0;
        }

        return origins;
    }

    /// <summary>
    /// Notes that a call was given a value that had come from elsewhere: what its result repeats of it did not come from there. An answer that but echoes what an
    /// outsider wrote would otherwise vouch for it.
    /// </summary>
    /// <param name="value">Fingerprint of the value.</param>
    public void NoteEcho(ulong value)
    {
        // The bit that several calls share is that of where the value came from as well.
        if (_isLastShared)
        {
            return;
        }

        if (_echoes.Count == MostEchoes)
        {
            _echoes.RemoveAt(0);
        }

        _echoes.Add((value, _sources.Count + 1));
    }

    /// <summary>The texts of a mask that a value can have come from.</summary>
    /// <param name="value">Fingerprint of the value.</param>
    /// <param name="origins">The texts that have it.</param>
    public ulong WithoutEchoes(ulong value, ulong origins)
    {
        foreach (var (echo, text) in _echoes)
        {
            origins &= echo == value ? ~(1UL << text) : ulong.MaxValue;
        }

        return origins;
    }

    /// <summary>The bit of the call with this fingerprint of its id; 0 when it is not known.</summary>
    public ulong BitOf(ulong callId)
    {
        for (var i = _sources.Count - 1; i >= 0; i--)
        {
            if (_sources[i].Id == callId)
            {
                return 1UL << (i + 1);
            }
        }

        return 0;
    }

    /// <summary>The most innocent of the sources in a mask: the most trusted, of several the first; null when the mask names none.</summary>
    public int MostTrustedOf(ulong origins)
    {
        var best = -1;
        for (var i = 0; i < _sources.Count; i++)
        {
            if ((origins & (1UL << (i + 1))) != 0 && (best < 0 || Weight(_sources[i].Trust) < Weight(_sources[best].Trust)))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>How far a source may have been written by somebody who may not give orders, from 0 to 1.</summary>
    public static double Weight(SourceTrust trust) => trust switch
    {
        SourceTrust.Trusted => 0.1,
        SourceTrust.Internal or SourceTrust.Unknown => UnknownWeight,
        _ => 1,
    };

    /// <summary>Takes in what a call or request brought.</summary>
    public void Take(ToolCall call, ulong callId, ulong tool)
    {
        LastTime = call.Time > LastTime ? call.Time : LastTime;
        if (call.Kind == CallKind.Request)
        {
            RequestId ??= call.Id;
            Read(call.Content.Span, 0);
            return;
        }

        var source = new LineageSource(callId, tool, call.ResultSource, call.Id, call.Tool);
        var text = call.Result.Span;
        if (!_isLastShared)
        {
            _sources.Add(source);
            _isLastShared = _sources.Count == MostSources || _filterBytes + text.Length > MostFilterBytes;
        }
        else if (Weight(source.Trust) >= Weight(_sources[^1].Trust))
        {
            // What shares a bit counts as the least trusted of those that share it.
            _sources[^1] = source;
        }

        Read(text, _sources.Count);
    }

    /// <summary>Keeps what is to be learned of a value. The first 256 between two times of learning.</summary>
    public void Keep(in LineageFact fact)
    {
        if (_facts.Count < MostFacts && !IsQuarantined)
        {
            _facts.Add(fact);
        }
    }

    public void Quarantine()
    {
        IsQuarantined = true;
        _facts.Clear();
    }

    public void ForgetFacts() => _facts.Clear();

    /// <summary>The session is over: gives back what its filters took.</summary>
    public void Release()
    {
        foreach (var filter in _filters)
        {
            filter?.Release();
        }

        _filters.Clear();
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteUInt64(Id);
        writer.WriteTime(LastTime);
        writer.WriteBoolean(IsQuarantined);
        writer.WriteBoolean(HasContent);
        writer.WriteBoolean(_isLastShared);
        writer.WriteString(RequestId ?? "");
        writer.WriteVariable((ulong)_sources.Count);
        foreach (var source in _sources)
        {
            writer.WriteUInt64(source.Id);
            writer.WriteUInt64(source.Tool);
            writer.WriteByte((byte)source.Trust);
            writer.WriteString(source.CallId);
            writer.WriteString(source.ToolName);
        }

        writer.WriteVariable((ulong)_facts.Count);
        foreach (var fact in _facts)
        {
            fact.Save(writer);
        }

        writer.WriteVariable((ulong)_echoes.Count);
        foreach (var (value, text) in _echoes)
        {
            writer.WriteUInt64(value);
            writer.WriteByte((byte)text);
        }

        writer.WriteVariable((ulong)_filters.Count);
        foreach (var filter in _filters)
        {
            writer.WriteBoolean(filter is not null);
            filter?.Save(writer);
        }
    }

    public static LineageSession Load(ref MemoryReader reader, FingerprintKey key)
    {
        var id = reader.ReadUInt64();
        var session = new LineageSession(id, key)
        {
            LastTime = reader.ReadTime(),
            IsQuarantined = reader.ReadBoolean(),
            HasContent = reader.ReadBoolean(),
            _isLastShared = reader.ReadBoolean(),
            RequestId = reader.ReadString() is { Length: > 0 } request ? request : null,
        };
        for (var left = reader.ReadUpTo(MostSources); left > 0; left--)
        {
            var (call, tool, trust) = (reader.ReadUInt64(), reader.ReadUInt64(), (SourceTrust)reader.ReadByte());
            if (!Enum.IsDefined(trust))
            {
                throw reader.Damaged("a trust that is none");
            }

            session._sources.Add(new LineageSource(call, tool, trust, reader.ReadString(), reader.ReadString()));
        }

        for (var left = reader.ReadUpTo(MostFacts); left > 0; left--)
        {
            session._facts.Add(LineageFact.Load(ref reader));
        }

        for (var left = reader.ReadUpTo(MostEchoes); left > 0; left--)
        {
            session._echoes.Add((reader.ReadUInt64(), reader.ReadByte() is var text && text <= MostSources ? text : throw reader.Damaged("a text that cannot be")));
        }

        for (var left = reader.ReadUpTo(MostSources + 1); left > 0; left--)
        {
            session._filters.Add(reader.ReadBoolean() ? TextFilter.Load(ref reader) : null);
            session._filterBytes += session._filters[^1]?.Bytes ?? 0;
        }

        return session;
    }

    private void Read(ReadOnlySpan<byte> json, int text)
    {
        if (json.IsEmpty)
        {
            return;
        }

        HasContent = true;
        while (_filters.Count <= text)
        {
            _filters.Add(null);
        }

        var filter = FilterOf(text, json.Length);
        Read(json[..Math.Min(json.Length, MostBytes)], filter, isEscaped: true);
    }

    /// <summary>The filter of a text, with room for what is to be added.</summary>
    private TextFilter FilterOf(int text, int bytes)
    {
        var former = _filters[text];
        if (former?.IsFull == false)
        {
            return former;
        }

        var isShared = _isLastShared && text == _sources.Count;
        var isLong = former is null || isShared || former.Bytes + bytes > MostRequestBytes;
        var filter = new TextFilter(isShared ? SharedBytes : text == 0 ? Math.Max(bytes, former?.Bytes ?? LeastRequestBytes) : bytes, isLong ? null : former);
        _filterBytes += filter.Bytes - (former?.Bytes ?? 0);
        if (isLong)
        {
            former?.Release();
        }

        return _filters[text] = filter;
    }

    private void Read(ReadOnlySpan<byte> text, TextFilter filter, bool isEscaped)
    {
        var tokens = new TextTokens(key, text, isEscaped);
        var (beforePrevious, previous, encodedUntil) = (0UL, 0UL, 0);
        while (tokens.TryRead(out var token))
        {
            filter.Add(token);
            if (tokens.Own != 0)
            {
                filter.Add(tokens.Own);
            }

            if (previous != 0)
            {
                filter.Add(TextTokens.Pair(previous, token));
            }

            if (beforePrevious != 0 && (previous == _at || previous == _dot))
            {
                filter.Add(TextTokens.Pair(beforePrevious, token));
            }

            (beforePrevious, previous) = (previous, token);
            if (isEscaped && tokens.End - tokens.Begin >= EncodedText.Shortest && tokens.Begin >= encodedUntil)
            {
                encodedUntil = tokens.Begin + ReadEncoded(text[tokens.Begin..], filter);
            }
        }
    }

    /// <summary>Reads what a long word may stand for.</summary>
    /// <returns>Bytes that it takes.</returns>
    private int ReadEncoded(ReadOnlySpan<byte> text, TextFilter filter)
    {
        Span<byte> decoded = stackalloc byte[EncodedText.MostBytes];
        var written = EncodedText.Decode(text, decoded, out var length);
        Read(decoded[..written], filter, isEscaped: false);
        return length;
    }
}
