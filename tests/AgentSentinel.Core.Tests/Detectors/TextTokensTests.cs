using System.Text;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Statistics;
using CsCheck;

namespace AgentSentinel.Core.Tests.Detectors;

public sealed class TextTokensTests
{
    private static readonly FingerprintKey Key = new(1, 2);

    // Everything that a word can be made of or be ended by.
    private static readonly Gen<string> Pieces = Gen.OneOfConst(
        "a", "Pay", "42", "DE111", " ", "  ", ".", "\n", "é", "ß", "漢", "\u200b", "\u0301", "%20", "%41", "&amp;", "&#65;", "&", "%", "\\n", "\\\"", "\\u0041", "\\\\u0041", "\\\\", "\\", new string('w', 63), new string('w', 130));

    private static readonly Gen<string> Texts = Pieces.Array[0, 40].Select(string.Concat);

    [Fact]
    public void Where_a_text_stands_changes_none_of_its_words() => Gen.Select(Texts, Gen.Int[0, 130], Gen.Bool).Sample((text, before, isEscaped) =>
        Assert.Equal(Words(text, isEscaped), Words(new string(' ', before) + text, isEscaped)));

    [Fact]
    public void What_follows_a_text_changes_none_of_its_words() => Gen.Select(Texts, Gen.Int[1, 130]).Sample((text, after) =>
        Assert.Equal(Words(text + " ", isEscaped: true), Words(text + new string(' ', after), isEscaped: true)));

    [Fact]
    public void Words_are_runs_of_letters_and_digits_however_long() => Gen.Int[1, 100].Array[0, 30].Sample(lengths =>
    {
        var words = lengths.Select((length, i) => string.Concat(Enumerable.Range(0, length).Select(at => (char)('a' + ((at + i) % 26))))).ToArray();
        Assert.Equal(words.SelectMany(word => Words(word, isEscaped: true)), Words(string.Join('-', words), isEscaped: true));
        Assert.Equal(words.Length, Words(string.Join('-', words), isEscaped: true).Count);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(62)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(300)]
    public void A_word_is_one_word_wherever_it_ends(int length)
    {
        var word = new string('x', length);
        Assert.Single(Words(word, isEscaped: true));
        Assert.Equal(2, Words($"{word} y", isEscaped: true).Count);
        Assert.Equal(Words(word, isEscaped: true), Words(word.ToUpperInvariant(), isEscaped: true));
        Assert.NotEqual(Words(word, isEscaped: true), Words(word + "x", isEscaped: true));
    }

    private static List<(ulong Token, ulong Own, bool IsUnspaced, int Length)> Words(string text, bool isEscaped)
    {
        var words = new List<(ulong, ulong, bool, int)>();
        var tokens = new TextTokens(Key, Encoding.UTF8.GetBytes(text), isEscaped);
        while (tokens.TryRead(out var token))
        {
            words.Add((token, tokens.Own, tokens.IsUnspaced, tokens.End - tokens.Begin));
        }

        return words;
    }
}
