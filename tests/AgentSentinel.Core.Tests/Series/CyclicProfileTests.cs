using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Tests.Series;

public sealed class CyclicProfileTests
{
    [Fact]
    public void It_knows_nothing_of_a_phase_that_it_never_saw()
    {
        var profile = new CyclicProfile(24, 0.1);
        profile.Add(3.5, 10);
        Assert.Null(profile.At(12));
        Assert.Null(profile.MeanAt(12));
        Assert.Equal(10, profile.At(3.2));
    }

    [Fact]
    public void Between_the_middles_of_bins_it_interpolates_also_around_the_end()
    {
        var profile = new CyclicProfile(4, 0.1);
        foreach (var (bin, value) in ((int, double)[])[(0, 10), (1, 20), (2, 30), (3, 40)])
        {
            profile.Add(bin + 0.5, value);
        }

        Assert.Equal(10, profile.At(0.5));
        Assert.Equal(15, profile.At(1)!.Value, 1e-12);
        Assert.Equal(25, profile.At(4)!.Value, 1e-12);
        Assert.Equal(25, profile.At(0)!.Value, 1e-12);
    }

    [Fact]
    public void It_begins_as_the_plain_mean_and_then_follows()
    {
        var profile = new CyclicProfile(1, 0.1);
        profile.Add(0, 1);
        profile.Add(0, 2);
        Assert.Equal(1.5, profile.MeanAt(0));
        for (var i = 0; i < 200; i++)
        {
            profile.Add(0, 9);
        }

        Assert.Equal(9, profile.MeanAt(0)!.Value, 1e-3);
    }
}
