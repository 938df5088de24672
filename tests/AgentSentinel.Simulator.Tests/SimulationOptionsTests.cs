using System.ComponentModel;
using System.Reflection;

namespace AgentSentinel.Simulator.Tests;

public sealed class SimulationOptionsTests
{
    [Fact]
    public void The_defaults_are_valid()
    {
        Assert.Empty(new SimulationOptions().Errors());
    }

    [Fact]
    public void Every_option_is_described()
    {
        Assert.All(
            typeof(SimulationOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance),
            property => Assert.False(string.IsNullOrWhiteSpace(property.GetCustomAttribute<DescriptionAttribute>()?.Description)));
    }

    [Fact]
    public void A_quiet_time_that_leaves_no_room_for_incidents_is_an_error()
    {
        SimulationOptions options = new() { QuietFor = TimeSpan.FromDays(21) };

        Assert.Single(options.Errors());
        Assert.Empty((options with { Incidents = 0 }).Errors());
    }
}
