namespace Mka1.Edge.Inference.Tokenization;

/// <summary>One entry of the vocabulary.</summary>
/// <param name="Id">The row of the embedding matrix.</param>
/// <param name="Bytes">The UTF-8 bytes the token adds to the text: possibly a part of a code point; empty unless <paramref name="Kind"/> is <see cref="TokenKind.Text"/>.</param>
/// <param name="Kind">What the id stands for.</param>
public readonly record struct Token(int Id, ReadOnlyMemory<byte> Bytes, TokenKind Kind);
