using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class ShiryaevRobertsTests
{
    [Fact]
    public void While_nothing_changes_its_mean_is_the_number_of_steps_remembered()
    {
        // E[likelihood ratio] = 1 without change, so E[R] = 1 + 0.95 + 0.95² + … = 20: the martingale behind the method.
        var random = new Random(81);
        var sum = 0.0;
        const int Lives = 20_000;
        for (var life = 0; life < Lives; life++)
        {
            var statistic = default(ShiryaevRoberts);
            for (var step = 0; step < 200; step++)
            {
                statistic.Step(LogRatio(random, 0, 0.3));
            }

            sum += statistic.Value;
        }

        Assert.Equal(20, sum / Lives, 2.0);
    }

    [Fact]
    public void A_change_is_found_within_some_steps()
    {
        var random = new Random(82);
        var steps = 0;
        for (var life = 0; life < 500; life++)
        {
            var statistic = default(ShiryaevRoberts);
            while (statistic.Value < 1e4)
            {
                statistic.Step(LogRatio(random, 1, 1));
                steps++;
            }
        }

        Assert.InRange(steps / 500.0, 5, 25);
    }

    [Fact]
    public void It_stays_finite_and_survives_saving()
    {
        var statistic = default(ShiryaevRoberts);
        for (var i = 0; i < 1000; i++)
        {
            statistic.Step(1e9);
        }

        Assert.True(float.IsFinite((float)statistic.Value));
        var writer = new MemoryWriter();
        statistic.Save(writer);
        var reader = new MemoryReader(writer.Written);
        Assert.Equal(statistic, ShiryaevRoberts.Load(ref reader));
        statistic.Step(double.NegativeInfinity);
        Assert.True(statistic.Value >= 0);
        statistic.Restart();
        Assert.Equal(0, statistic.Value);
    }

    /// <summary>ln of the densities of N(shift, 1) over N(0, 1) at a draw from N(mean, 1).</summary>
    private static double LogRatio(Random random, double mean, double shift)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return (shift * (mean + normal)) - (shift * shift / 2);
    }
}
