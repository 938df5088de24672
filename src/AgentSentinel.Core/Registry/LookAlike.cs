using System.Text;

namespace AgentSentinel.Core.Registry;

/// <summary>
/// What an id looks like: letters of other alphabets, full-width forms, case, zero against O and one against l folded onto one shape, invisible
/// characters left out. Two different ids of one shape could be mistaken for each other by a person; no decision ever treats them as one.
/// </summary>
/// <remarks>The letters that fonts draw alike, from Unicode Technical Standard 39; not its whole table, which has thousands of rare signs.</remarks>
internal static class LookAlike
{
    private const string Foreign = "аеорсухікјѕһԁԛԝвнмтьгпзαβγεικνορτυχωµοаәɑɡɩⅼⅰⅴⅹ’‘‐‑‒–—−․";
    private const string Plain = "aeopcyxikjshdqwbhmtbrn3abyeiknoptuxwuoaeagilivx''------.";

    private static readonly Dictionary<int, char> Folds = Foreign.Zip(Plain).DistinctBy(p => p.First).ToDictionary(p => (int)p.First, p => p.Second);

    /// <summary>The shape of an id; equal shapes look alike.</summary>
    public static string ShapeOf(string id)
    {
        var shape = new StringBuilder(id.Length);
        foreach (var rune in id.EnumerateRunes())
        {
            var folded = Fold(rune);
            if (folded != '\0')
            {
                shape.Append(folded);
            }
        }

        return shape.ToString();
    }

    /// <summary>The letter that one is drawn alike, in lower case: full-width forms and other alphabets' letters become ASCII; itself where there is none.</summary>
    public static Rune PlainOf(Rune rune)
    {
        var lower = LowerOf(rune);
        return Folds.TryGetValue(lower.Value, out var plain) ? new Rune(plain) : lower;
    }

    /// <summary>The letter in lower case, full-width forms as ASCII: the same letter, not one that looks alike.</summary>
    public static Rune LowerOf(Rune rune) =>
        // Full-width forms are ASCII moved by a fixed distance.
        Rune.ToLowerInvariant(rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - 0xFEE0) : rune);

    private static char Fold(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.SpaceSeparator or System.Globalization.UnicodeCategory.Control)
        {
            return '\0';
        }

        var folded = PlainOf(rune).Value is <= char.MaxValue and var plain ? (char)plain : '\uFFFD';
        return folded switch
        {
            '0' => 'o',
            '1' or 'i' or '|' => 'l',
            '5' => 's',
            '_' or ' ' => '-',
            _ => folded,
        };
    }
}
