using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Tests.Series;

public sealed class GaugeScorerMemoryTests
{
    [Fact]
    public void Its_memory_is_constant_and_small()
    {
        var scorers = new GaugeScorer[200];
        for (var i = 0; i < scorers.Length; i++)
        {
            scorers[i] = new GaugeScorer(SomeSeries.ThresholdDays);
        }

        foreach (var (row, value) in SomeSeries.Daily(12, 3).Index())
        {
            foreach (var scorer in scorers)
            {
                scorer.Push(SomeSeries.Time(row), value);
            }
        }

        var each = Held.Bytes(scorers) / scorers.Length;
        TestContext.Current.SendDiagnosticMessage($"{each} bytes");
        Assert.InRange(each, 1000, 10_000);
    }
}
