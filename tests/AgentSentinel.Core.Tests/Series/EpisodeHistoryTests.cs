using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Tests.Series;

public sealed class EpisodeHistoryTests
{
    [Fact]
    public void Stronger_evidence_has_a_longer_return_period()
    {
        var previous = -1.0;
        for (var strength = 1.0; strength < 500; strength *= 1.5)
        {
            var log = new EpisodeHistory().Push(strength);
            Assert.True(log > previous || log == 0, $"{strength}: {log}");
            Assert.True(double.IsFinite(log));
            previous = log;
        }
    }

    [Fact]
    public void An_episode_is_told_once_until_it_is_clearly_worse()
    {
        var history = new EpisodeHistory();
        Assert.True(history.Push(10) > 0);
        Assert.Equal(0, history.Push(10));
        Assert.Equal(0, history.Push(15));
        Assert.True(history.Push(20) > 0);
    }

    [Fact]
    public void What_happened_before_is_less_rare()
    {
        var history = new EpisodeHistory();
        var logs = new List<double>();
        for (var row = 0; row < 20_000; row++)
        {
            var log = history.Push(row % 2000 == 0 ? 12 : 0.1);
            if (row % 2000 == 0)
            {
                logs.Add(log);
            }
        }

        var other = new EpisodeHistory();
        for (var row = 0; row < 18_000; row++)
        {
            other.Push(0.1);
        }

        var first = other.Push(12);
        Assert.True(logs[^1] < first - 1, $"{first}: {string.Join(' ', logs)}");

        // It came every 2,000 rows, and that is what is said of it, within a factor of 3.
        Assert.InRange(logs[^1], Math.Log10(2000) - 0.5, Math.Log10(2000) + 0.5);
    }

    [Fact]
    public void What_never_happened_is_no_rarer_than_the_rows_so_far_can_say()
    {
        var history = new EpisodeHistory();
        var previous = 0.0;
        for (var row = 1; row < 20_000; row++)
        {
            // What is news, and far too seldom to be remembered as usual.
            var log = history.Push(row % 1999 == 0 ? 6 + (row / 1999) : 0);
            if (row is 1999 or 3998)
            {
                Assert.InRange(log, previous, Math.Log10(20 * row));
                previous = log;
            }
        }

        Assert.InRange(new EpisodeHistory().Push(8), 0, 2);
    }

    [Fact]
    public void However_many_episodes_the_strongest_are_remembered()
    {
        var history = new EpisodeHistory();
        for (var row = 0; row < 200_000; row++)
        {
            history.Push(row % 300 == 0 ? 5 + (row % 7) : 0);
        }

        Assert.True(history.Push(40) > 3);
    }
}
