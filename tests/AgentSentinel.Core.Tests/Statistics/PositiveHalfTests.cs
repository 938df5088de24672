using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public class PositiveHalfTests
{
    [Fact]
    public void Every_half_has_the_value_that_it_has()
    {
        for (var bits = 0; bits < 0x7C00; bits++)
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)bits);
            Assert.Equal((float)half, PositiveHalf.Value(half));
        }
    }

    [Fact]
    public void Every_half_and_what_lies_between_two_is_rounded_as_the_runtime_rounds_it()
    {
        for (var bits = 0; bits < 0x7BFF; bits++)
        {
            var low = (double)BitConverter.UInt16BitsToHalf((ushort)bits);
            var high = (double)BitConverter.UInt16BitsToHalf((ushort)(bits + 1));
            var middle = (low + high) / 2;
            foreach (var value in (double[])[low, Math.BitIncrement(low), Math.BitDecrement(middle), middle, Math.BitIncrement(middle), Math.BitDecrement(high), high])
            {
                Assert.Equal(BitConverter.HalfToUInt16Bits((Half)value), BitConverter.HalfToUInt16Bits(PositiveHalf.Of(value)));
            }
        }
    }

    [Fact]
    public void The_sum_is_that_of_the_numbers()
    {
        var random = new Random(4);
        for (var i = 0; i < 1_000; i++)
        {
            var halves = Enumerable.Range(0, 4 * random.Next(4)).Select(_ => BitConverter.UInt16BitsToHalf((ushort)random.Next(0x7C00))).ToArray();
            Assert.Equal(halves.Sum(half => (double)half), PositiveHalf.Sum(halves));
        }
    }
}
