using System.Text;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>BPE: text to token ids, and token ids to the bytes they stand for.</summary>
/// <remarks>Immutable; safe to use from many threads.</remarks>
public sealed class Tokenizer
{
    private readonly Token[] _tokens;
    private readonly Dictionary<string, int> _added;
    private readonly TextEncoder _encoder;
    private readonly (int[] Before, int[] After) _frame;

    internal Tokenizer(Token[] tokens, IReadOnlyList<AddedToken> added, TextEncoder encoder, (int[] Before, int[] After) frame, bool dropsLeadingSpace)
    {
        _tokens = tokens;
        _added = added.ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal);
        Added = added;
        _encoder = encoder;
        _frame = frame;
        DropsLeadingSpace = dropsLeadingSpace;
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
    public static Tokenizer Load(string directory) => TokenizerFiles.Read(directory);

    /// <summary>Encodes text in which nothing is special. Lone surrogates are read as U+FFFD.</summary>
    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length / 3);
        _encoder.Encode(text, controls: false, isStart: true, ids);
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
                _encoder.Encode(text.Value, controls: false, isStart: ids.Count == 0, ids);
        }
        return [.. ids];
    }

    /// <summary>Cuts text into control tokens and what is between them; a spelling is a token only where <paramref name="counts"/> says so of its range.</summary>
    internal List<TokenSegment> Cut(string text, Func<int, int, bool> counts) => _encoder.Cut(text, counts);

    /// <summary>Encodes text of one's own, in which control tokens are such, with the tokens that frame every text: what the reference library does with a text.</summary>
    internal int[] EncodeTrusted(string text, bool framed = true)
    {
        List<int> ids = framed ? [.. _frame.Before] : [];
        _encoder.Encode(text, controls: true, isStart: true, ids);
        return framed ? [.. ids, .. _frame.After] : [.. ids];
    }

    /// <summary>The text of these tokens; special ones add nothing, broken UTF-8 becomes U+FFFD.</summary>
    public string Decode(IEnumerable<int> ids)
    {
        using var bytes = new MemoryStream();
        foreach (var id in ids)
            bytes.Write(this[id].Bytes.Span);
        var skip = DropsLeadingSpace && bytes.Length > 0 && bytes.GetBuffer()[0] == ' ' ? 1 : 0;
        return Encoding.UTF8.GetString(bytes.GetBuffer(), skip, (int)bytes.Length - skip);
    }

    /// <summary>Whether a text starts one space earlier in tokens than in letters: the first space of an answer is not part of it.</summary>
    public bool DropsLeadingSpace { get; }

    /// <summary>Finds a control token by its spelling, such as <c>&lt;tool_call&gt;</c>.</summary>
    public bool TryGetSpecial(string content, out int id) => _added.TryGetValue(content, out id);

    /// <summary>How a control token is spelled; empty for ids that are none.</summary>
    public string NameOf(int id) => Added.FirstOrDefault(token => token.Id == id)?.Content ?? "";

    internal IReadOnlyList<AddedToken> Added { get; }

    internal ReadOnlySpan<Token> Tokens => _tokens;
}
