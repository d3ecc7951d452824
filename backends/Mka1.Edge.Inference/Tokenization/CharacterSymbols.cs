namespace Mka1.Edge.Inference.Tokenization;

/// <summary>SentencePiece-style BPE: one token for each character; one that the vocabulary lacks becomes its bytes, or the unknown token.</summary>
/// <param name="vocabulary">All tokens.</param>
/// <param name="byteIds">The tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>; null without <c>byte_fallback</c>.</param>
/// <param name="unknown">The unknown token, if there is one; characters are dropped without it.</param>
/// <param name="fuseUnknown">Whether unknown characters in a row are one token.</param>
/// <param name="wholePieces">Whether a piece that is a token is taken as it is (<c>ignore_merges</c>).</param>
internal sealed class CharacterSymbols(Dictionary<string, int> vocabulary, int[]? byteIds, int? unknown, bool fuseUnknown, bool wholePieces) : IPieceSymbols
{
    /// <inheritdoc/>
    public void Append(ReadOnlySpan<char> piece, List<int> ids)
    {
        var tokens = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        if (wholePieces && tokens.TryGetValue(piece, out var whole))
        {
            ids.Add(whole);
            return;
        }

        var afterUnknown = false;
        Span<byte> bytes = stackalloc byte[4];
        Span<char> spelled = stackalloc char[2];
        foreach (var rune in piece.EnumerateRunes())
        {
            if (tokens.TryGetValue(spelled[..rune.EncodeToUtf16(spelled)], out var id))
            {
                ids.Add(id);
            }
            else if (byteIds is not null)
            {
                foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
                    ids.Add(byteIds[value]);
            }
            else if (unknown is { } token)
            {
                if (!(fuseUnknown && afterUnknown))
                    ids.Add(token);
                afterUnknown = true;
                continue;
            }
            afterUnknown = false;
        }
    }
}
