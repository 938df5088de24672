using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Tests.Series;

public sealed class RecentExtremesTests
{
    [Fact]
    public void High_and_low_are_those_of_the_last_48_rows()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 2000).Select(_ => (double)random.Next(100)).ToArray();
        var recent = new RecentExtremes();
        for (var i = 0; i < values.Length; i++)
        {
            recent.Add(values[i]);
            var last = values[Math.Max(0, i - 47)..(i + 1)];
            Assert.Equal(last.Length == 48, recent.IsFull);
            Assert.Equal((last.Max(), last.Min()), (recent.High, recent.Low));
        }
    }
}
