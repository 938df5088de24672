using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class NormalTests
{
    // z, ln P[Z ≥ z], ln P[Z ≥ −z] to 20 digits (mpmath.erfc at 50 digits; asymptotic series from 200).
    private static readonly double[][] Values =
    [
        [0.0, -0.69314718055994530942, -0.69314718055994530942],
        [1e-08, -0.69314718853879094928, -0.69314717258109973322],
        [0.5, -1.1759117615936186089, -0.36894641528865639307],
        [1.0, -1.8410216450092635058, -0.17275377902344988953],
        [2.0, -3.7831843336820319488, -0.023012909328963488465],
        [3.0, -6.6077262215103495433, -0.0013508099647481937988],
        [5.0, -15.064998393988725736, -2.8665161296376359338e-7],
        [8.0, -35.013437159914549896, -6.2209605742717860585e-16],
        [10.0, -53.231285150512470578, -7.619853024160526066e-24],
        [19.999, -203.89710611679704032, -2.8093893868326642502e-89],
        [20.0, -203.91715537109726394, -2.7536241186062336951e-89],
        [20.001, -203.93720562293422594, -2.6989630765829913195e-89],
        [40.0, -804.60844201375378817, -3.6558935409150297037e-350],
        [1000.0, -500007.82669481218431, -2.2906461465454984106e-217151],
        [100000.0, -5.0000000124318639983e+9, -1.2152088606880733457e-2171472415],
        [100000000.0, -5.0000000000000193396e+15, -2.9017127715320898155e-2171472409516268],
    ];

    [Fact]
    public void It_agrees_with_the_table_on_both_sides()
    {
        Accuracy.Holds(Values, 1, 1e-14, 1e-15, row => Normal.LogUpperTail(row[0]));
        Accuracy.Holds(Values, 2, 1e-16, 1e-14, row => Normal.LogUpperTail(-row[0]));
    }

    [Fact]
    public void It_falls_in_z()
    {
        double before = 0;
        for (double z = -30; z < 60; z += 0.01)
        {
            double tail = Normal.LogUpperTail(z);
            Assert.True(tail <= before, $"{z}");
            before = tail;
        }
    }

    [Fact]
    public void It_is_finite_for_every_number_and_refuses_what_is_none()
    {
        Assert.True(double.IsFinite(Normal.LogUpperTail(double.PositiveInfinity)));
        Assert.Equal(0, Normal.LogUpperTail(double.NegativeInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => Normal.LogUpperTail(double.NaN));
    }
}
