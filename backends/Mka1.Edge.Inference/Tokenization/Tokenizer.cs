using System.Text;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Byte-level BPE: text to token ids, and token ids to the bytes they stand for.</summary>
/// <remarks>Immutable; safe to use from many threads.</remarks>
public sealed class Tokenizer
{
    private readonly Token[] _tokens;
    private readonly Dictionary<string, int> _special;
    private readonly BytePairEncoder _encoder;

    private Tokenizer(Token[] tokens, Dictionary<string, int> special, BytePairEncoder encoder)
    {
        _tokens = tokens;
        _special = special;
        _encoder = encoder;
        EndOfTurnIds = [.. tokens.Where(token => token.Kind == TokenKind.EndOfTurn).Select(token => token.Id)];
    }

    /// <summary>How many ids there are, unused ones included; ids run from 0 to this, exclusive.</summary>
    public int VocabularySize => _tokens.Length;

    /// <summary>The ids that end a turn, at least one.</summary>
    public IReadOnlyList<int> EndOfTurnIds { get; }

    /// <summary>The entry with this id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is outside 0..<see cref="VocabularySize"/>-1.</exception>
    public Token this[int id] => (uint)id < (uint)_tokens.Length
        ? _tokens[id]
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"Token ids run from 0 to {_tokens.Length - 1}.");

    /// <summary>Reads <c>tokenizer.json</c>, <c>tokenizer_config.json</c> and <c>generation_config.json</c>.</summary>
    /// <exception cref="Weights.ModelFormatException">A file or key is missing, malformed, or asks for something not supported.</exception>
    public static Tokenizer Load(string directory)
    {
        var (tokens, special, encoder) = TokenizerFiles.Read(directory);
        return new Tokenizer(tokens, special, encoder);
    }

    /// <summary>Encodes text in which nothing is special. Lone surrogates are read as U+FFFD.</summary>
    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length / 3);
        Encode(text, ids);
        return [.. ids];
    }

    /// <summary>Encodes segments one after the other; tokens never span two segments.</summary>
    public int[] EncodeSegments(IEnumerable<TokenSegment> segments)
    {
        var ids = new List<int>();
        foreach (var segment in segments)
        {
            if (segment is TokenSegment.Special special)
                ids.Add(special.Id);
            else if (segment is TokenSegment.Text text)
                Encode(text.Value, ids);
        }
        return [.. ids];
    }

    /// <summary>The text of these tokens; special ones add nothing, broken UTF-8 becomes U+FFFD.</summary>
    public string Decode(IEnumerable<int> ids)
    {
        using var bytes = new MemoryStream();
        foreach (var id in ids)
            bytes.Write(this[id].Bytes.Span);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>Finds a control token by its spelling, such as <c>&lt;tool_call&gt;</c>.</summary>
    public bool TryGetSpecial(string content, out int id) => _special.TryGetValue(content, out id);

    internal ReadOnlySpan<Token> Tokens => _tokens;

    private void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        while (!text.IsEmpty)
        {
            var length = PreTokenizer.NextPiece(text);
            _encoder.Encode(text[..length], ids);
            text = text[length..];
        }
    }
}
