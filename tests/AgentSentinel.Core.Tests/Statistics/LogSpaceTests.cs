using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class LogSpaceTests
{
    [Fact]
    public void Small_numbers_keep_their_digits()
    {
        // ln(1 + x) = x − x²/2 + x³/3, e^x − 1 = x + x²/2 + x³/6.
        foreach (double x in (double[])[1e-5, -1e-5, 1e-8, -1e-8, 1e-20, -1e-300, 0])
        {
            Assert.Equal(x - x * x / 2 + x * x * x / 3, LogSpace.OnePlus(x), 1e-15 * Math.Abs(x));
            Assert.Equal(x + x * x / 2 + x * x * x / 6, LogSpace.ExpMinusOne(x), 1e-15 * Math.Abs(x));
        }
    }

    [Fact]
    public void A_complement_of_a_complement_is_the_beginning()
    {
        for (double log = -30; log < -1e-12; log *= 0.7)
        {
            double back = LogSpace.Complement(LogSpace.Complement(log));
            Assert.Equal(log, back, 1e-14 * Math.Abs(log) + 1e-16 * Math.Exp(-log));
        }
    }

    [Fact]
    public void The_complement_of_certainty_stays_finite()
    {
        Assert.Equal(Math.Log(1e-200), LogSpace.Complement(-1e-200), 1e-12);
        Assert.Equal(-53 * Math.Log(2), LogSpace.Complement(0), 1e-13);
        Assert.Equal(-53 * Math.Log(2), LogSpace.Complement(1e-15), 1e-13);
    }

    [Fact]
    public void A_deviance_is_stable_near_the_mean_and_meets_its_plain_form_farther_out()
    {
        // d²/(2m) − d³/(6m²) + d⁴/(12m³) for x = m + d.
        Assert.Equal(5e-7 - 1e-12 / 6 + 1e-18 / 12, LogSpace.Deviance(1_000_001, 1_000_000), 1e-18);
        Assert.Equal(0, LogSpace.Deviance(3, 3));
        foreach (double x in (double[])[0.5, 0.81, 0.83, 0.9, 1.1, 1.21, 1.23, 4])
        {
            Assert.Equal(x * Math.Log(x) + 1 - x, LogSpace.Deviance(x, 1), 1e-15);
        }

        Assert.True(double.IsFinite(LogSpace.Deviance(1e15, 1e-300)));
    }
}
