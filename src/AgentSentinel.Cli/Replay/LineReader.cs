namespace AgentSentinel.Cli.Replay;

/// <summary>Reads lines of bytes from a stream without turning them into text. A line's memory is valid until the next one is read.</summary>
internal sealed class LineReader(Stream stream, int longestLine)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _begin;
    private int _end;
    private bool _isAtEnd;

    /// <summary>Number of the line read last, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Hands over every line of a file that is not empty; see <see cref="Files"/> for what a file may be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="longestLine">See <see cref="TryRead"/>.</param>
    /// <param name="take">Gets each line; its memory is valid until it returns.</param>
    /// <param name="cancellationToken">Stops between two lines.</param>
    public static void ReadAll(string path, int longestLine, Action<ReadOnlyMemory<byte>> take, CancellationToken cancellationToken = default)
    {
        using var stream = Files.OpenRead(path);
        var lines = new LineReader(stream, longestLine);
        while (!cancellationToken.IsCancellationRequested && lines.TryRead(out var line))
        {
            if (!line.IsEmpty)
            {
                take(line);
            }
        }
    }

    /// <summary>
    /// Reads the next line, without its line break. A line longer than the limit is cut one byte beyond it, so that whoever
    /// checks lengths refuses it, and the rest of it is skipped.
    /// </summary>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var newline = _buffer.AsSpan(_begin + searched, _end - _begin - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = Take(searched + newline, 1);
                return true;
            }

            searched = _end - _begin;

            // The last byte may belong to the line break.
            if (searched - 1 > longestLine)
            {
                line = _buffer.AsMemory(_begin, longestLine + 1).ToArray();
                SkipRest();
                return true;
            }

            if (_isAtEnd)
            {
                line = searched > 0 ? Take(searched, 0) : default;
                return searched > 0;
            }

            Fill();
        }
    }

    private ReadOnlyMemory<byte> Take(int length, int lineBreak)
    {
        LineNumber++;
        var line = _buffer.AsMemory(_begin, length);
        _begin += length + lineBreak;
        line = length > 0 && line.Span[^1] == '\r' ? line[..^1] : line;
        return line.Length > longestLine ? line[..(longestLine + 1)] : line;
    }

    private void SkipRest()
    {
        LineNumber++;
        while (true)
        {
            var newline = _buffer.AsSpan(_begin, _end - _begin).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                _begin += newline + 1;
                return;
            }

            _begin = _end = 0;
            if (_isAtEnd)
            {
                return;
            }

            Fill();
        }
    }

    private void Fill()
    {
        if (_begin > 0)
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = stream.Read(_buffer.AsSpan(_end));
        _isAtEnd = read == 0;
        _end += read;
    }
}
