using System.Globalization;
using System.Text;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Core.Series;

namespace AgentSentinel.Cli.Scoring;

/// <summary>Writes scored rows: <c>[series,]timestamp,value,anomaly_score,return_period_days,alert,expected_low,expected_high</c>. What was read is written as it was. The file appears when it is complete.</summary>
internal sealed class SeriesScoreWriter : IDisposable
{
    private const string Columns = "timestamp,value,anomaly_score,return_period_days,alert,expected_low,expected_high";

    private readonly PartialFile _file;
    private readonly StreamWriter _writer;
    private bool _hasHeader;

    /// <summary>Begins a file; gzipped when its name ends in .gz.</summary>
    public SeriesScoreWriter(string path)
    {
        _file = new PartialFile(path);
        _writer = new StreamWriter(Files.OpenWrite(_file.Path, Files.Gzipped(path)), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
    }

    public void Write(in SeriesRow row, in SeriesScore score)
    {
        WriteHeader(!row.Series.IsEmpty);
        if (!row.Series.IsEmpty)
        {
            _writer.Write(row.Series);
            _writer.Write(',');
        }

        _writer.Write(row.TimeText);
        _writer.Write(',');
        _writer.Write(row.ValueText);
        _writer.Write(',');
        Write(score.AnomalyScore);
        Write(score.ReturnPeriodDays);
        _writer.Write(score.IsAlert ? "1," : "0,");
        Write(score.ExpectedLow);
        Write(score.ExpectedHigh, "\n");
    }

    /// <summary>Ends the file, and lets it appear. Nothing can be written any more.</summary>
    public void Complete()
    {
        _writer.Dispose();
        _file.Complete();
    }

    /// <summary>Without <see cref="Complete"/> nothing is left of the file.</summary>
    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        finally
        {
            _file.Dispose();
        }
    }

    /// <summary>Writes the header, unless a row did so already: also a file without rows has one.</summary>
    public void WriteHeader(bool hasSeries)
    {
        if (_hasHeader)
        {
            return;
        }

        _hasHeader = true;
        _writer.WriteLine(hasSeries ? "series," + Columns : Columns);
    }

    private void Write(double number, string end = ",")
    {
        Span<char> text = stackalloc char[32];
        number.TryFormat(text, out var length, "G9", CultureInfo.InvariantCulture);
        _writer.Write(text[..length]);
        _writer.Write(end);
    }
}
