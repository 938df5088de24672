using System.Text.RegularExpressions;
using AgentSentinel.Core.Registry;

namespace AgentSentinel.Core.Tests.Registry;

public class GlobTests
{
    [Theory]
    [InlineData("crm/*", "crm/contacts", true)]
    [InlineData("crm/*", "crm/", true)]
    [InlineData("crm/*", "crm", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("ab*ba", "aba", false)]
    [InlineData("ab*ba", "abba", true)]
    [InlineData("a*", "A", false)]
    public void A_star_stands_for_any_text(string pattern, string text, bool fits) => Assert.Equal(fits, Glob.Matches(pattern, text));

    [Fact]
    public void It_answers_as_a_regular_expression_does()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var (pattern, text) = (Some("ab*", random.Next(8)), Some("ab", random.Next(10)));
            var expected = Regex.IsMatch(text, $"\\A{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}\\z", RegexOptions.CultureInvariant);
            Assert.True(expected == Glob.Matches(pattern, text), $"{pattern} and {text}");
        }

        string Some(string letters, int length) => new([.. Enumerable.Range(0, length).Select(_ => letters[random.Next(letters.Length)])]);
    }
}
