using AgentSentinel.Cli.Scoring;

namespace AgentSentinel.Cli.Tests.Scoring;

public sealed class SeriesRowTests
{
    [Theory]
    [InlineData("2015-09-08 11:39:00,73", "", "2015-09-08T11:39:00Z", 73)]
    [InlineData("2015-09-08T13:39:00+02:00,-1.5e3", "", "2015-09-08T11:39:00Z", -1500)]
    [InlineData("2015-09-08T11:39:00.25Z,0", "", "2015-09-08T11:39:00.25Z", 0)]
    [InlineData("cpu,2015-09-08 11:39:00.5,1", "cpu", "2015-09-08T11:39:00.5Z", 1)]
    [InlineData("\"a,b\",2015-09-08T11:39:00Z, 2 ", "\"a,b\"", "2015-09-08T11:39:00Z", 2)]
    [InlineData("2015-09-08T11:39:00Z,NaN", "", "2015-09-08T11:39:00Z", double.NaN)]
    public void A_row_is_read(string line, string series, string time, double value)
    {
        Assert.True(SeriesRow.TryParse(line, out var row, out var error), error);
        Assert.Equal(series, row.Series.ToString());
        Assert.Equal(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), row.Time);
        Assert.Equal(value, row.Value);
    }

    [Theory]
    [InlineData("73", "expected")]
    [InlineData("", "expected")]
    [InlineData("2015-09-08 11:39:00,", "value")]
    [InlineData("2015-09-08 11:39:00,1;5", "value")]
    [InlineData("08.09.2015 11:39,1", "timestamp")]
    [InlineData("1441712340,1", "timestamp")]
    [InlineData("2015-13-08 11:39:00,1", "timestamp")]
    public void What_is_no_row_is_refused_with_the_reason(string line, string reason)
    {
        Assert.False(SeriesRow.TryParse(line, out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timestamp,value", true)]
    [InlineData("series,Timestamp,cpu", true)]
    [InlineData("2015-09-08 11:39:00,1", false)]
    [InlineData("nonsense", false)]
    public void A_header_is_known_by_its_timestamp_column(string line, bool isHeader) => Assert.Equal(isHeader, SeriesRow.IsHeader(line));
}
