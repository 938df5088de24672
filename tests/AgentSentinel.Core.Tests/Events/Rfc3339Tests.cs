using System.Globalization;
using System.Text;
using AgentSentinel.Core.Events;
using CsCheck;

namespace AgentSentinel.Core.Tests.Events;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2025-03-03T00:00:14Z", "2025-03-03T00:00:14.0000000")]
    [InlineData("2025-03-03t00:00:14z", "2025-03-03T00:00:14.0000000")]
    [InlineData("2025-03-03T00:00:14.1Z", "2025-03-03T00:00:14.1000000")]
    [InlineData("2025-03-03T00:00:14.1234567Z", "2025-03-03T00:00:14.1234567")]
    [InlineData("2025-03-03T00:00:14.123456789Z", "2025-03-03T00:00:14.1234567")]
    [InlineData("2025-03-03T00:00:14.99999999999999999999999999999999999999Z", "2025-03-03T00:00:14.9999999")]
    [InlineData("2025-03-03T00:00:14+00:00", "2025-03-03T00:00:14.0000000")]
    [InlineData("2025-03-03T00:00:14-00:00", "2025-03-03T00:00:14.0000000")]
    [InlineData("2025-03-03T00:00:14+23:59", "2025-03-02T00:01:14.0000000")]
    [InlineData("2025-03-03T00:00:14.5-23:59", "2025-03-03T23:59:14.5000000")]
    [InlineData("2024-02-29T12:00:00Z", "2024-02-29T12:00:00.0000000")]
    [InlineData("2000-02-29T12:00:00Z", "2000-02-29T12:00:00.0000000")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.9999999")]
    [InlineData("2017-01-01T05:29:60.5+05:30", "2016-12-31T23:59:59.9999999")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000")]
    public void A_valid_time_is_read_in_utc(string text, string utc)
    {
        Assert.True(Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out long ticks));
        Assert.Equal(utc, new DateTime(ticks).ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("0000-01-01T00:00:00Z", -366)]
    [InlineData("0000-02-29T00:00:00Z", -366 + 59)]
    [InlineData("0000-12-31T00:00:00Z", -1)]
    public void The_year_zero_is_counted_before_the_first(string text, int days)
    {
        Assert.True(Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out long ticks));
        Assert.Equal(days * TimeSpan.TicksPerDay, ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2025-03-03")]
    [InlineData("2025-03-03T00:00:14")]
    [InlineData("2025-03-03 00:00:14Z")]
    [InlineData("2025-03-03T00:00Z")]
    [InlineData("2025-03-03T00:00:14.Z")]
    [InlineData("2025-03-03T00:00:14,5Z")]
    [InlineData("2025-03-03T00:00:14.5")]
    [InlineData("2025-03-03T00:00:14.5.5Z")]
    [InlineData("2025-03-03T00:00:14ZZ")]
    [InlineData("2025-03-03T00:00:14+24:00")]
    [InlineData("2025-03-03T00:00:14+01:60")]
    [InlineData("2025-03-03T00:00:14+0100")]
    [InlineData("2025-03-03T00:00:14+01")]
    [InlineData("2025-03-03T00:00:14+-1:00")]
    [InlineData("2025-03-03T24:00:00Z")]
    [InlineData("2025-03-03T00:60:00Z")]
    [InlineData("2025-03-03T00:00:61Z")]
    [InlineData("2025-03-03T12:00:60Z")]
    [InlineData("2016-12-31T23:59:60+01:00")]
    [InlineData("2025-00-03T00:00:00Z")]
    [InlineData("2025-13-03T00:00:00Z")]
    [InlineData("2025-03-00T00:00:00Z")]
    [InlineData("2025-03-32T00:00:00Z")]
    [InlineData("2025-04-31T00:00:00Z")]
    [InlineData("2025-02-29T00:00:00Z")]
    [InlineData("1900-02-29T00:00:00Z")]
    [InlineData("+025-03-03T00:00:14Z")]
    [InlineData("20250303T000014Z0000")]
    [InlineData("２025-03-03T00:00:14Z")]
    [InlineData(" 2025-03-03T00:00:14Z")]
    [InlineData("2025-03-03T00:00:14.999999999999999999999999999999999999999999999Z")]
    public void What_is_no_rfc_3339_time_is_refused(string text) =>
        Assert.False(Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Every_time_that_dotnet_writes_is_read_as_what_it_was() =>
        Gen.Select(Gen.Long[TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay], Gen.Int[-14 * 60, 14 * 60]).Sample((ticks, minutes) =>
        {
            DateTimeOffset time = new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(minutes));
            return Rfc3339.TryParse(Encoding.ASCII.GetBytes(time.ToString("O", CultureInfo.InvariantCulture)), out long read) && read == ticks;
        }, seed: "0000KOIeLp54");

    [Fact]
    public void No_bytes_make_it_throw() =>
        Gen.Select(Gen.Int[0, 40], Gen.Byte, Gen.Int[0, 40]).Sample((at, value, length) =>
        {
            byte[] text = Encoding.ASCII.GetBytes("2025-03-03T00:00:14.123456789+01:30xxxxx");
            text[Math.Min(at, text.Length - 1)] = value;
            return !Rfc3339.TryParse(text.AsSpan(0, length), out long ticks) || ticks <= DateTime.MaxValue.Ticks + TimeSpan.TicksPerDay;
        }, seed: "0000KOIeLp54", iter: 10_000);
}
