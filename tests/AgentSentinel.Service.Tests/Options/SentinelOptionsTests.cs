using AgentSentinel.Service.Options;
using Microsoft.Extensions.Configuration;

namespace AgentSentinel.Service.Tests.Options;

public sealed class SentinelOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(OptionsReader.Read<SentinelOptions>(new ConfigurationBuilder().Build()).Errors);

    [Fact]
    public void Every_option_says_what_it_is_for() =>
        Assert.Empty(OptionsDocument.Describe(new SentinelOptions()).Where(row => row.Description.Length == 0).Select(row => row.Key));
}
