using System.Buffers;
using System.Text;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>Tells which text a text column can hold. An id that it cannot hold is the id of nothing.</summary>
internal static class SqlText
{
    public static bool Fits(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal)) return false;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != OperationStatus.Done) return false;
            rest = rest[used..];
        }

        return true;
    }
}
