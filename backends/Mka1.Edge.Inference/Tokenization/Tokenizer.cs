namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Byte-level BPE: text to token ids, and token ids to the bytes they stand for.</summary>
/// <remarks>Immutable; safe to use from many threads.</remarks>
public sealed class Tokenizer
{
    private Tokenizer() { }

    /// <summary>How many ids there are, unused ones included; ids run from 0 to this, exclusive.</summary>
    public int VocabularySize => throw new NotSupportedException();

    /// <summary>The ids that end a turn, the usual one first.</summary>
    public IReadOnlyList<int> EndOfTurnIds => throw new NotSupportedException();

    /// <summary>The entry with this id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is outside 0..<see cref="VocabularySize"/>-1.</exception>
    public Token this[int id] => throw new NotSupportedException();

    /// <summary>Reads <c>tokenizer.json</c>, <c>tokenizer_config.json</c> and <c>generation_config.json</c>.</summary>
    /// <exception cref="Weights.ModelFormatException">A file or key is missing, malformed, or asks for something not supported.</exception>
    public static Tokenizer Load(string directory) => throw new NotSupportedException(directory);

    /// <summary>Encodes text in which nothing is special.</summary>
    public int[] Encode(string text) => throw new NotSupportedException(text);

    /// <summary>Encodes segments one after the other; tokens never span two segments.</summary>
    public int[] EncodeSegments(IEnumerable<TokenSegment> segments) => throw new NotSupportedException();

    /// <summary>The text of these tokens; special ones add nothing, broken UTF-8 becomes U+FFFD.</summary>
    public string Decode(IEnumerable<int> ids) => throw new NotSupportedException();

    /// <summary>Finds a control token by its spelling, such as <c>&lt;tool_call&gt;</c>.</summary>
    public bool TryGetSpecial(string content, out int id) => throw new NotSupportedException();
}
