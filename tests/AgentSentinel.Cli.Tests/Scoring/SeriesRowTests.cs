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
    [InlineData("2015-09-08 11:39:00,", "", "2015-09-08T11:39:00Z", double.NaN)]
    [InlineData("cpu,2015-09-08 11:39:00,NA", "cpu", "2015-09-08T11:39:00Z", double.NaN)]
    [InlineData("2015-09-08 11:39:00,-inf", "", "2015-09-08T11:39:00Z", double.NegativeInfinity)]
    [InlineData("2015-09-08 11:39:00+00:00,1", "", "2015-09-08T11:39:00Z", 1)]
    [InlineData("2015-09-08 13:39:00.5+02:00,1", "", "2015-09-08T11:39:00.5Z", 1)]
    [InlineData("2015-09-08T11:39,1", "", "2015-09-08T11:39:00Z", 1)]
    [InlineData("2015-09-08 11:39Z,1", "", "2015-09-08T11:39:00Z", 1)]
    [InlineData("2015-09-08,1", "", "2015-09-08T00:00:00Z", 1)]
    [InlineData("\"cpu\",\"2015-09-08 11:39:00\",\"1\"", "\"cpu\"", "2015-09-08T11:39:00Z", 1)]
    [InlineData("1441712340,1", "", "2015-09-08T11:39:00Z", 1)]
    [InlineData("1441712340.5,1", "", "2015-09-08T11:39:00.5Z", 1)]
    [InlineData("1441712340500,1", "", "2015-09-08T11:39:00.5Z", 1)]
    [InlineData("1441712340500000,1", "", "2015-09-08T11:39:00.5Z", 1)]
    [InlineData("1441712340500000000,1", "", "2015-09-08T11:39:00.5Z", 1)]
    [InlineData("2015-09-08T11:39:00.123456789Z,1", "", "2015-09-08T11:39:00.1234567Z", 1)]
    [InlineData("\"2015-09-08 13:39:00.1234567890123456+02:00\",1", "", "2015-09-08T11:39:00.1234567Z", 1)]
    [InlineData("2015-09-08 11:39:00.000000001,1", "", "2015-09-08T11:39:00Z", 1)]
    [InlineData("2015-09-08t11:39:00z,1", "", "2015-09-08T11:39:00Z", 1)]
    [InlineData("2015-09-08t11:39:00.25z,1", "", "2015-09-08T11:39:00.25Z", 1)]
    [InlineData("2016-12-31T23:59:60Z,1", "", "2017-01-01T00:00:00Z", 1)]
    [InlineData("2016-12-31 23:59:60,1", "", "2017-01-01T00:00:00Z", 1)]
    [InlineData("2016-12-31T23:59:60.25z,1", "", "2017-01-01T00:00:00.25Z", 1)]
    [InlineData("1990-12-31T15:59:60-08:00,1", "", "1991-01-01T00:00:00Z", 1)]
    [InlineData("cpu,\"2016-12-31T23:59:60.123456789+00:00\",1", "cpu", "2017-01-01T00:00:00.1234567Z", 1)]
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
    [InlineData("2015-09-08 11:39:00,\"", "value")]
    [InlineData("17,1", "timestamp")]
    [InlineData("-1441712340,1", "timestamp")]
    [InlineData("1e300,1", "timestamp")]
    [InlineData("NaN,1", "timestamp")]
    [InlineData("2015-09-08 11:39:00,1;5", "value")]
    [InlineData("08.09.2015 11:39,1", "timestamp")]
    [InlineData("2015-13-08 11:39:00,1", "timestamp")]
    [InlineData("2015-09-08 11:39:00.12345678x,1", "timestamp")]
    [InlineData("2015-09-08 11:39:00.12345678.9,1", "timestamp")]
    [InlineData("2016-12-31T23:59:61Z,1", "timestamp")]
    [InlineData("2016-12-31T22:59:60Z,1", "timestamp")]
    [InlineData("2016-12-31T23:59:60+01:00,1", "timestamp")]
    [InlineData("2016-12-31T23:60:60Z,1", "timestamp")]
    [InlineData("9999-12-31T23:59:60Z,1", "timestamp")]
    public void What_is_no_row_is_refused_with_the_reason(string line, string reason)
    {
        Assert.False(SeriesRow.TryParse(line, out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timestamp,value", true)]
    [InlineData("series,Timestamp,cpu", true)]
    [InlineData("\"series\",\"timestamp\",\"value\"", true)]
    [InlineData("time,count", true)]
    [InlineData("ds,y", true)]
    [InlineData("2015-09-08 11:39:00,", false)]
    [InlineData("yesterday,1", false)]
    [InlineData("2015-09-08 11:39:00,1", false)]
    [InlineData("nonsense", false)]
    public void A_header_is_known_by_having_neither_a_time_nor_a_value(string line, bool isHeader) => Assert.Equal(isHeader, SeriesRow.IsHeader(line));
}
