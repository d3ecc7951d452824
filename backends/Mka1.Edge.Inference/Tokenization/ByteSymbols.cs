using System.Buffers;
using System.Text;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Byte-level BPE: one token for each byte of the UTF-8 text.</summary>
/// <param name="byteIds">The token of each of the 256 bytes.</param>
/// <param name="whole">Tokens that are taken as they are where a piece spells one (<c>ignore_merges</c>), in byte characters; null where merges decide alone.</param>
internal sealed class ByteSymbols(int[] byteIds, Dictionary<string, int>? whole) : IPieceSymbols
{
    // Longer pieces than any token need not be looked up.
    private readonly int _longest = whole?.Keys.Max(key => key.Length) ?? 0;

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<char> piece, List<int> ids)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(piece.Length));
        var count = Encoding.UTF8.GetBytes(piece, bytes);
        if (count > _longest || !TryWhole(bytes.AsSpan(0, count), ids))
        {
            for (var i = 0; i < count; i++)
                ids.Add(byteIds[bytes[i]]);
        }
        ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
    }

    private bool TryWhole(ReadOnlySpan<byte> bytes, List<int> ids)
    {
        Span<char> spelled = bytes.Length <= 256 ? stackalloc char[bytes.Length] : new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
            spelled[i] = ByteAlphabet.CharOf(bytes[i]);
        if (!whole!.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(spelled, out var id))
            return false;
        ids.Add(id);
        return true;
    }
}
