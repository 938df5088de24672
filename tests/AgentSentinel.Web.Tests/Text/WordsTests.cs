using AgentSentinel.Web.Text;

namespace AgentSentinel.Web.Tests.Text;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.002, "2e-3")]
    [InlineData(9.53, "9.5")]
    [InlineData(505.6, "506")]
    [InlineData(17_261, "17.3 k")]
    [InlineData(2_940_487, "2.9 M")]
    [InlineData(1e18, "1.0e18")]
    [InlineData(-3, "-3")]
    public void Numbers_have_as_many_digits_as_matter(double value, string text) => Assert.Equal(text, Words.Number(value));

    [Theory]
    [InlineData(0.5, "0.5 s")]
    [InlineData(45, "45 s")]
    [InlineData(600, "10 min")]
    [InlineData(4 * 3600, "4 h")]
    [InlineData((3 * 3600) + (58 * 60), "3 h 58 min")]
    [InlineData(30 * 3600, "30 h")]
    [InlineData(9 * 86400, "9 days")]
    public void Lengths_of_time_are_told_in_the_units_people_think_in(double seconds, string text) => Assert.Equal(text, Words.Span(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("a/../b?c=d&e#f", "agent?id=a%2F..%2Fb%3Fc%3Dd%26e%23f")]
    [InlineData("..", "agent?id=..")]
    public void An_agents_address_holds_any_id(string id, string url) => Assert.Equal(url, Words.AgentUrl(id));
}
