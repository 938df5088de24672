using System.Globalization;
using System.Text;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Core.Series;

namespace AgentSentinel.Cli.Scoring;

/// <summary>Writes scored rows: <c>[series,]timestamp,value,anomaly_score,return_period_days,alert,expected_low,expected_high</c>. What was read is written as it was.</summary>
internal sealed class SeriesScoreWriter : IDisposable
{
    private const string Columns = "timestamp,value,anomaly_score,return_period_days,alert,expected_low,expected_high";

    private readonly StreamWriter _writer;
    private bool _hasHeader;

    /// <summary>Creates or replaces a file; gzipped when its name ends in .gz.</summary>
    public SeriesScoreWriter(string path) => _writer = new StreamWriter(Files.OpenWrite(path), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };

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

    public void Dispose() => _writer.Dispose();

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
