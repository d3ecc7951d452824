namespace Mka1.Edge.Inference.Constraints;

/// <summary>What a grammar is made of.</summary>
/// <param name="Nodes">Its parts.</param>
/// <param name="States">The states of its automata.</param>
/// <param name="Places">Those of them for which a mask may be kept.</param>
internal readonly record struct GrammarSize(int Nodes, int States, int Places)
{
    // Generous: a row of a table with few classes of bytes; a node with a property around it.
    private const int BytesOfNode = 256;
    private const int BytesOfState = 256;

    /// <summary>Bytes that the grammar and its masks may grow to, about.</summary>
    /// <param name="vocabulary">Tokens of the vocabulary the masks are for.</param>
    public long Bytes(int vocabulary)
    {
        // A mask, and about as much again for the tokens that reach beyond its place.
        var mask = 2L * sizeof(ulong) * Masks.TokenMasks.Words(vocabulary);
        return ((long)Nodes * BytesOfNode) + ((long)States * BytesOfState) + (Places * mask);
    }
}
