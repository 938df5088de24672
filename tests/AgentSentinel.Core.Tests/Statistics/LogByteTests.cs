using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class LogByteTests
{
    [Fact]
    public void Every_byte_keeps_its_number()
    {
        for (var code = 0; code < 256; code++)
        {
            foreach (var noise in (ulong[])[0, ulong.MaxValue, 12345])
            {
                Assert.Equal(code, LogByte.Encode(LogByte.Decode((byte)code), noise));
            }
        }

        Assert.Equal(1, LogByte.Decode(LogByte.One));
    }

    [Fact]
    public void A_number_becomes_one_of_its_neighbours_and_the_mean_is_kept()
    {
        var random = new Random(51);
        for (var i = 0; i < 200; i++)
        {
            var value = LogByte.Least * Math.Pow(LogByte.Largest / LogByte.Least, random.NextDouble());
            var sum = 0.0;
            for (var n = 0; n < 2000; n++)
            {
                var decoded = LogByte.Decode(LogByte.Encode(value, LogByte.Noise(n, i)));
                Assert.InRange(decoded / value, 1 / 1.0906, 1.0906);
                sum += decoded;
            }

            // A step of 9 % at even chances has a deviation of 4.5 %, a 45th of that over 2000 draws.
            Assert.Equal(1, sum / 2000 / value, 0.005);
        }
    }

    [Fact]
    public void Small_updates_arrive_on_average()
    {
        var reached = 0;
        for (var i = 0; i < 50; i++)
        {
            var code = LogByte.Encode(1, 0);
            for (var n = 0; n < 1000; n++)
            {
                code = LogByte.Encode(LogByte.Decode(code) * 1.001, LogByte.Noise(n, i));
            }

            reached += LogByte.Decode(code) is > 1.3f and < 6 ? 1 : 0;
        }

        Assert.InRange(reached, 45, 50);
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1e300, 255)]
    [InlineData(double.PositiveInfinity, 255)]
    public void What_it_cannot_hold_is_taken_to_the_nearest_end(double value, byte expected) => Assert.Equal(expected, LogByte.Encode(value, 77));

    [Fact]
    public void Less_than_the_least_number_becomes_it_or_nothing()
    {
        var codes = Enumerable.Range(0, 1000).Select(n => LogByte.Encode(LogByte.Least / 4, LogByte.Noise(n, 1))).ToArray();
        Assert.Equal([0, 1], codes.Distinct().Order().Select(code => (int)code));
        Assert.InRange(codes.Count(code => code == 1), 200, 300);
    }
}
