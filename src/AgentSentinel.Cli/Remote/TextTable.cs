using AgentSentinel.Core.Events;

namespace AgentSentinel.Cli.Remote;

/// <summary>A table of text whose columns line up. Cells quote telemetry: nothing in them moves the cursor or begins a line.</summary>
internal sealed class TextTable(params string[] headings)
{
    private const int WidestCell = 60;

    private readonly List<string[]> _rows = [headings];

    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(Cell)]);

    public void Write(TextWriter output)
    {
        var widths = Enumerable.Range(0, headings.Length).Select(i => _rows.Max(r => r[i].Length)).ToArray();
        foreach (var row in _rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, i) => i == row.Length - 1 ? cell : cell.PadRight(widths[i]))).TrimEnd());
        }
    }

    private static string Cell(string? text)
    {
        var plain = PlainText.Of(text ?? "–");
        return plain.Length <= WidestCell ? plain : string.Concat(plain.AsSpan(0, WidestCell - 1), "…");
    }
}
