using AgentSentinel.Core.Detection;

namespace AgentSentinel.Core.Tests.Detection;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "calls", "0 calls")]
    [InlineData(0.46, "calls", "0.5 calls")]
    [InlineData(99.94, "calls", "99.9 calls")]
    [InlineData(100.4, "calls", "100 calls")]
    [InlineData(12060, "records", "12,060 records")]
    [InlineData(999, "bytes", "999 bytes")]
    [InlineData(999.6, "bytes", "1 kB")]
    [InlineData(252221.3, "bytes", "252 kB")]
    [InlineData(2632637.1, "bytes", "2.6 MB")]
    [InlineData(999_999, "bytes", "1 MB")]
    [InlineData(5e18, "bytes", "5,000 PB")]
    public void Amounts_are_told_as_people_read_them(double amount, string unit, string expected) => Assert.Equal(expected, Quantity.Of(amount, unit));
}
