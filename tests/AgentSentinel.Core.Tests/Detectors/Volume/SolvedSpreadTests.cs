using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Detectors.Volume;

public sealed class SolvedSpreadTests
{
    private const double Keep = 0.9995;

    [Fact]
    public void It_is_a_spread_with_its_parts_at_hand()
    {
        var random = new Random(5);
        var (spread, solved) = (default(Spread), default(SolvedSpread));
        solved.Begin();
        for (var i = 0; i < 5_000; i++)
        {
            var (count, mean, spans) = (random.Next(4) * random.Next(4), 0.02 + (4 * random.NextDouble()), random.Next(1, 6));
            spread.Learn(count, mean, Keep, spans);
            solved.Learn(count, mean, Keep, spans);
            if (i == 2_000)
            {
                spread.Fade(0.1);
                solved.Fade(0.1);
            }

            if (i == 4_000)
            {
                spread.Limit();
                solved.Limit();
            }

            Same(spread.Parts.Session, solved.Parts.Session);
            Same(spread.Parts.Square, solved.Parts.Square);
            Same(spread.Bounded(9, mean), solved.Bounded(9, mean));
            for (var n = 0; n < 12; n++)
            {
                var deviations = Math.Max(0, n - mean) / Math.Sqrt(mean + (spread.At(mean) * mean * mean));
                Assert.True(solved.IsWithin(1.001 * deviations, n, mean));
                Assert.Equal(n <= mean, solved.IsWithin(0.999 * deviations, n, mean));
            }
        }
    }

    [Fact]
    public void Before_anything_is_learned_it_is_what_is_believed()
    {
        var solved = default(SolvedSpread);
        solved.Begin();
        Same(default(Spread).Parts.Session, solved.Parts.Session);
        Same(default(Spread).Parts.Square, solved.Parts.Square);
    }

    [Fact]
    public void Its_parts_come_back_with_it()
    {
        var solved = default(SolvedSpread);
        solved.Begin();
        solved.Learn(12, 3, Keep);
        var writer = new MemoryWriter();
        solved.Save(writer);
        var reader = new MemoryReader(writer.Written);
        var loaded = default(SolvedSpread);
        loaded.Load(ref reader);
        Assert.Equal(solved.Parts, loaded.Parts);
    }

    // Parts are kept as single numbers.
    private static void Same(double expected, double actual) => Assert.Equal(expected, actual, 1e-6 + (1e-6 * expected));
}
