using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AgentSentinel.Service.Influx;

/// <summary>
/// Points in InfluxDB's line protocol, as UTF-8. Written by one thread: <see cref="Begin"/>, tags, fields, <see cref="End"/>.
/// </summary>
/// <remarks>
/// Tag values and string fields are telemetry and may be hostile. Control characters become U+FFFD (a line feed would begin another point).
/// In a tag a backslash before a character that is escaped, before another backslash or at the end means different things to different
/// versions, some of which would let the text break out of its tag: there it becomes U+FF3C, a wide backslash.
/// </remarks>
internal sealed class LineProtocol
{
    private const byte Backslash = (byte)'\\';

    // A character of UTF-16 takes three bytes at most; the replacement character takes three.
    private const int MostBytesPerChar = 3;
    private const int MostBytesPerNumber = 40;

    private static readonly long MostTicksFromEpoch = long.MaxValue / 100;

    private byte[] _buffer = new byte[4096];
    private int _length;
    private int _lineStart;
    private bool _hasFields;

    /// <summary>Complete lines.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _lineStart);

    /// <summary>How many lines there are.</summary>
    public int Points { get; private set; }

    public void Clear() => _length = _lineStart = Points = 0;

    /// <param name="measurement">One of ours: letters and underscores.</param>
    public void Begin(string measurement)
    {
        _length = _lineStart;
        _hasFields = false;
        Raw(measurement);
    }

    /// <summary>A tag; an empty value is left out, as the protocol has no way to say it. In the order of the keys, for speed.</summary>
    public void Tag(string key, string value)
    {
        if (value.Length == 0)
        {
            return;
        }

        Raw((byte)',');
        Raw(key);
        Raw((byte)'=');
        var begin = _length;
        Text(value);
        EscapeTag(begin);
    }

    public void Field(string key, long value)
    {
        BeginField(key);
        Reserve(MostBytesPerNumber);
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_length), out var written);
        _length += written;

        // Never the suffix u: InfluxDB 1 does not know it.
        Raw((byte)'i');
    }

    /// <summary>A number; one that is not finite is left out, as the protocol has no way to say it.</summary>
    public void Field(string key, double value)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        BeginField(key);
        Reserve(MostBytesPerNumber);
        value.TryFormat(_buffer.AsSpan(_length), out var written, "R", CultureInfo.InvariantCulture);
        _length += written;
    }

    public void Field(string key, string value)
    {
        BeginField(key);
        Raw((byte)'"');
        var begin = _length;
        Text(value);
        Escape(begin, "\"\\"u8);
        Raw((byte)'"');
    }

    /// <summary>Completes the point. False when it has no fields or its time cannot be told in nanoseconds (years 1678 to 2262): then it is dropped.</summary>
    public bool End(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        if (!_hasFields || Math.Abs(ticks) > MostTicksFromEpoch)
        {
            _length = _lineStart;
            return false;
        }

        Raw((byte)' ');
        Reserve(MostBytesPerNumber);
        Utf8Formatter.TryFormat(ticks * 100, _buffer.AsSpan(_length), out var written);
        _length += written;
        Raw((byte)'\n');
        _lineStart = _length;
        Points++;
        return true;
    }

    private void BeginField(string key)
    {
        Raw(_hasFields ? (byte)',' : (byte)' ');
        Raw(key);
        Raw((byte)'=');
        _hasFields = true;
    }

    private void Text(string value)
    {
        Reserve(value.Length * MostBytesPerChar);

        // Halves of surrogate pairs become U+FFFD by themselves.
        var begin = _length;
        _length += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length));
        var control = ControlCharacter(begin);
        if (control < 0)
        {
            return;
        }

        var text = _buffer.AsSpan(begin, _length - begin).ToArray();
        _length = begin;
        Reserve(text.Length * MostBytesPerChar);
        foreach (var b in text)
        {
            if (IsControl(b))
            {
                Raw("\uFFFD"u8);
            }
            else
            {
                _buffer[_length++] = b;
            }
        }
    }

    private int ControlCharacter(int begin)
    {
        for (var i = begin; i < _length; i++)
        {
            if (IsControl(_buffer[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsControl(byte b) => b is < 0x20 or 0x7F;

    private void EscapeTag(int begin)
    {
        var backslash = _buffer.AsSpan(begin, _length - begin).IndexOf(Backslash);
        if (backslash >= 0)
        {
            var text = _buffer.AsSpan(begin, _length - begin).ToArray();
            _length = begin;
            Reserve(text.Length * MostBytesPerChar);
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == Backslash && (i + 1 == text.Length || text[i + 1] is Backslash or (byte)',' or (byte)'=' or (byte)' ' || (i > 0 && text[i - 1] == Backslash)))
                {
                    Raw("\uFF3C"u8);
                }
                else
                {
                    _buffer[_length++] = text[i];
                }
            }
        }

        Escape(begin, ",= "u8);
    }

    private void Escape(int begin, ReadOnlySpan<byte> special)
    {
        if (_buffer.AsSpan(begin, _length - begin).IndexOfAny(special) < 0)
        {
            return;
        }

        var text = _buffer.AsSpan(begin, _length - begin).ToArray();
        _length = begin;
        Reserve(text.Length * 2);
        foreach (var b in text)
        {
            if (special.Contains(b))
            {
                _buffer[_length++] = Backslash;
            }

            _buffer[_length++] = b;
        }
    }

    private void Raw(string ascii)
    {
        Reserve(ascii.Length);
        _length += Encoding.ASCII.GetBytes(ascii, _buffer.AsSpan(_length));
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Raw(byte b)
    {
        Reserve(1);
        _buffer[_length++] = b;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }
    }
}
