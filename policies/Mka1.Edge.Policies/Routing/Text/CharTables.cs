using System.Globalization;

namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>
/// Kind and folded form of every UTF-16 code unit: lower case, digits as 0, Latin letters without accents, Arabic letters in
/// their Urdu form. A table, because asking the runtime about each character would cost more than everything else.
/// </summary>
internal static class CharTables
{
    public static readonly CharKind[] Kinds = new CharKind[char.MaxValue + 1];
    public static readonly char[] Folded = new char[char.MaxValue + 1];

    /// <summary>Letters from U+00C0 to U+017F without their accents.</summary>
    private const string Latin =
        "aaaaaaaceeeeiiiidnooooo×ouuuuytsaaaaaaaceeeeiiiidnooooo÷ouuuuyty"
        + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    static CharTables()
    {
        for (var i = 0; i <= char.MaxValue; i++)
        {
            var c = (char)i;
            Kinds[i] = KindOf(c);
            Folded[i] = Fold(c);
        }
    }

    private static CharKind KindOf(char c) => c switch
    {
        '\u200C' or '\u200D' or '\u0640' => CharKind.Mark,
        _ when char.IsWhiteSpace(c) || char.IsControl(c) => CharKind.Space,
        _ when char.IsDigit(c) => CharKind.Digit,
        _ when char.IsLetter(c) => CharKind.Letter,
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format or UnicodeCategory.EnclosingMark
            ? CharKind.Mark
            : char.GetUnicodeCategory(c) is UnicodeCategory.SpacingCombiningMark ? CharKind.Letter : CharKind.Symbol,
    };

    private static char Fold(char c) => c switch
    {
        >= '\u00C0' and <= '\u017F' => Latin[c - '\u00C0'],
        'ي' or 'ى' => 'ی',
        'ك' => 'ک',
        'ه' or 'ۃ' or 'ة' => 'ہ',
        'أ' or 'إ' => 'ا',
        _ when char.IsDigit(c) => '0',
        _ => char.ToLowerInvariant(c),
    };
}
