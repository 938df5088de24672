using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class LinearCounterTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.1)]
    [InlineData(8, 1.5)]
    [InlineData(64, 10)]
    [InlineData(256, 50)]
    [InlineData(600, 200)]
    public void It_tells_how_many_distinct_names_there_were(int names, double tolerance)
    {
        var random = new Random(61);
        for (var round = 0; round < 20; round++)
        {
            var counter = default(LinearCounter);
            for (var i = 0; i < names; i++)
            {
                var name = (ulong)random.NextInt64();
                counter.Add(name);
                counter.Add(name);
            }

            Assert.Equal(names, counter.Count, tolerance);
        }
    }

    [Fact]
    public void It_stays_finite_when_full_and_survives_saving()
    {
        var counter = default(LinearCounter);
        for (var i = 0UL; i < 100_000; i++)
        {
            counter.Add(i);
        }

        Assert.InRange(counter.Count, 1000, 2000);
        var writer = new MemoryWriter();
        counter.Save(writer);
        var reader = new MemoryReader(writer.Written);
        Assert.Equal(counter.Count, LinearCounter.Load(ref reader).Count);
        reader.ExpectEnd();
        counter.Clear();
        Assert.Equal(0, counter.Count);
    }
}
