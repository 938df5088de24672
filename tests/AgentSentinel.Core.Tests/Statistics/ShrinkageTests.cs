using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public class ShrinkageTests
{
    [Theory]
    [InlineData(0, 0, 0.01, 25, 0.01)]
    [InlineData(0, 50, 0.01, 25, 0.005)]
    [InlineData(5, 75, 0.2, 25, 0.1)]
    [InlineData(100_000, 1_000_000, 0.5, 4, 0.1)]
    public void A_rate_lies_between_what_was_seen_and_what_is_otherwise_known(double events, double trials, double otherwise, double leastTrials, double expected) =>
        Assert.Equal(expected, Shrinkage.Rate(events, trials, otherwise, leastTrials), 1e-5);

    [Fact]
    public void Where_half_an_event_begins_to_count_nothing_jumps()
    {
        const double Edge = 0.5 / 25;
        Assert.Equal(Shrinkage.Rate(3, 40, Math.BitDecrement(Edge), 25), Shrinkage.Rate(3, 40, Edge, 25), 1e-12);
    }

    [Fact]
    public void What_is_otherwise_never_seen_is_not_seen_here() => Assert.Equal(0, Shrinkage.Rate(3, 40, double.Epsilon, 25), 1e-12);
}
