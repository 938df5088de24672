using System.Text;
using AgentSentinel.Cli.Replay;

namespace AgentSentinel.Cli.Tests.Replay;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\r\nb\n\nc", new[] { "a", "b", "", "c" })]
    [InlineData("\n\n", new[] { "", "" })]
    public void Lines_come_without_their_breaks(string text, string[] lines) => Assert.Equal(lines, Read(text, 100).Select(l => l.Text));

    [Fact]
    public void A_line_over_the_limit_is_cut_one_byte_beyond_it_and_the_next_one_is_whole()
    {
        var lines = Read($"{new string('x', 200_000)}\nnext\n{new string('y', 11)}", 10);
        Assert.Equal([new string('x', 11), "next", new string('y', 11)], lines.Select(l => l.Text));
        Assert.Equal([1, 2, 3], lines.Select(l => l.Number));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(500)]
    public void A_line_over_the_limit_is_cut_also_when_it_is_in_the_buffer_to_its_end(int length) =>
        Assert.Equal([new string('x', 11), "next"], Read($"{new string('x', length)}\nnext", 10).Select(l => l.Text));

    [Theory]
    [InlineData(10)]
    [InlineData(1 << 16)]
    [InlineData((1 << 16) - 1)]
    [InlineData((1 << 16) - 2)]
    public void A_line_break_does_not_count_as_part_of_a_line(int length) =>
        Assert.Equal([new string('x', length), "next"], Read($"{new string('x', length)}\r\nnext", length, stingy: true).Select(l => l.Text));

    [Fact]
    public void Lines_longer_than_the_buffer_are_whole_however_the_stream_is_cut()
    {
        var text = string.Join('\n', Enumerable.Range(0, 300).Select(i => new string((char)('a' + (i % 26)), i * 997 % 90_000)));
        Assert.Equal(text.Split('\n'), Read(text, 100_000, stingy: true).Select(l => l.Text));
    }

    private static List<(long Number, string Text)> Read(string text, int longest, bool stingy = false)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using Stream stream = stingy ? new StingyStream(bytes) : new MemoryStream(bytes);
        var reader = new LineReader(stream, longest);
        var lines = new List<(long, string)>();
        while (reader.TryRead(out var line))
        {
            lines.Add((reader.LineNumber, Encoding.UTF8.GetString(line.Span)));
        }

        return lines;
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class StingyStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1 + (int)(Position * 31 % 7919))]);
    }
}
