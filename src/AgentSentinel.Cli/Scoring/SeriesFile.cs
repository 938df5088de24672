using System.Text;
using System.Text.Unicode;
using AgentSentinel.Cli.Replay;

namespace AgentSentinel.Cli.Scoring;

/// <summary>Reads a series file row by row, in constant memory. The first line that is not blank may be a header. A row that cannot be read is reported and the next one is read.</summary>
internal sealed class SeriesFile : IDisposable
{
    private const int LongestLine = 4096;

    private readonly string _path;
    private readonly Stream _stream;
    private readonly LineReader _lines;
    private readonly Action<string> _report;
    private readonly char[] _text = new char[LongestLine + 1];
    private bool? _hasSeries;
    private bool _hasNamedSeries;
    private bool _isBegun;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Gzipped when it ends in .gz.</param>
    /// <param name="report">Takes one message for each row that is refused, with file and line.</param>
    public SeriesFile(string path, Action<string> report)
    {
        _path = path;
        _stream = Files.OpenRead(path);
        _lines = new LineReader(_stream, LongestLine);
        _report = report;
    }

    /// <summary>Whether the rows name their series: known from the first row, and before it from the header.</summary>
    public bool HasSeries => _hasSeries ?? _hasNamedSeries;

    /// <summary>The line of the row read last.</summary>
    public long LineNumber => _lines.LineNumber;

    /// <summary>Rows read.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows that were refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Reads the next row. Its texts are valid until the next call.</summary>
    public bool TryRead(out SeriesRow row)
    {
        while (_lines.TryRead(out var bytes))
        {
            var line = Decode(bytes.Span);
            if (line.IsWhiteSpace())
            {
                continue;
            }

            var mayBeHeader = !_isBegun;
            _isBegun = true;
            if (mayBeHeader && SeriesRow.IsHeader(line))
            {
                _hasNamedSeries = SeriesRow.HeaderHasSeries(line);
                continue;
            }

            // Names that are not UTF-8 would all be decoded to the same.
            var error = bytes.Length > LongestLine ? $"longer than {LongestLine} bytes" : Utf8.IsValid(bytes.Span) ? null : "not UTF-8";
            if (error is null && SeriesRow.TryParse(line, out row, out error))
            {
                _hasSeries ??= !row.Series.IsEmpty;
                if (_hasSeries == !row.Series.IsEmpty)
                {
                    Rows++;
                    return true;
                }

                error = HasSeries ? "the series is missing" : "a series where the rows before have none";
            }

            Refused++;
            _report($"{_path}:{_lines.LineNumber}: {error}");
        }

        row = default;
        return false;
    }

    public void Dispose() => _stream.Dispose();

    private ReadOnlySpan<char> Decode(ReadOnlySpan<byte> bytes)
    {
        if (_lines.LineNumber == 1 && bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        return _text.AsSpan(0, Encoding.UTF8.GetChars(bytes, _text));
    }
}
