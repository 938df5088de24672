using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class StudentTTests
{
    // t, degrees, ln P[T ≥ t] to 20 digits: ½ I_x(ν/2, ½), x = ν/(ν + t²), by DLMF 8.17.22 with 50 digits.
    private static readonly double[][] Values =
    [
        [1.0, 1.0, -1.3862943611198906188],
        [0.1, 3.0, -0.76932399257925842183],
        [2.0, 5.0, -2.9765231671618121152],
        [10.0, 5.0, -9.3673008036277121224],
        [10000.0, 5.0, -43.801445731210291605],
        [1000000000000.0, 5.0, -135.90484934382926442],
        [1e+100, 2.5, -575.97569479306625476],
        [3.0, 30.0, -5.9163637414983265682],
        [40.0, 30.0, -62.546234647299175603],
        [5.0, 10000.0, -15.048169809798391989],
        [12.0, 1000000.0, -75.405417741196345619],
        [30.0, 10000000.0, -454.30095019806580076],
        [30.0, 100000000.0, -454.31921447099133814],
        [30.0, 3000000000.0, -454.32117630643931871],
        [1e-09, 4.0, -0.6931471813099453097],
        [5.0, 0.001, -0.69890324236403876565],
        [8.0, 0.5, -2.1781350300701014786],
    ];

    [Fact]
    public void It_agrees_with_the_table()
        => Accuracy.Holds(Values, 2, 1e-12, 4e-15, row => StudentT.LogUpperTail(row[0], row[1]));

    [Fact]
    public void It_agrees_with_MathNet_on_both_sides()
    {
        foreach (double degrees in (double[])[0.7, 1, 2.5, 10, 300])
        {
            for (double t = -8; t < 8; t += 0.37)
            {
                double expected = 1 - MathNet.Numerics.Distributions.StudentT.CDF(0, 1, degrees, t);
                Assert.Equal(expected, Math.Exp(StudentT.LogUpperTail(t, degrees)), 1e-12);
            }
        }
    }

    [Fact]
    public void It_falls_in_t_and_does_not_step_where_the_method_changes()
    {
        foreach (double degrees in (double[])[1e-6, 0.5, 4, 1e3, 9.99e7, 1e8, double.PositiveInfinity])
        {
            double before = 0;
            for (double t = -20; t < 2e13; t = t < 40 ? t + 0.1 : t * 1.3)
            {
                double tail = StudentT.LogUpperTail(t, degrees);
                Assert.True(double.IsFinite(tail) && tail <= before + 1e-13, $"{t} {degrees}: {tail} after {before}");
                before = tail;
            }
        }

        for (double t = 0.5; t < 40; t += 0.5)
        {
            Assert.Equal(StudentT.LogUpperTail(t, 99_999_999), StudentT.LogUpperTail(t, 100_000_000), 2e-10);
        }
    }

    [Fact]
    public void It_is_finite_for_every_number_and_refuses_what_is_none()
    {
        Assert.True(double.IsFinite(StudentT.LogUpperTail(double.PositiveInfinity, 3)));
        Assert.True(double.IsFinite(StudentT.LogUpperTail(double.MaxValue, 1e7)));
        Assert.True(double.IsFinite(StudentT.LogUpperTail(double.Epsilon, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.LogUpperTail(double.NaN, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.LogUpperTail(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.LogUpperTail(1, double.NaN));
    }
}
