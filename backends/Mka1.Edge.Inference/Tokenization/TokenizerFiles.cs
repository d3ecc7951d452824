using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Reads a tokenizer from its files and refuses what this implementation would silently do differently.</summary>
internal static class TokenizerFiles
{
    // Special tokens in some families and plain ones in others; never text of an answer.
    private static readonly string[] SectionTags = ["<tool_call>", "</tool_call>", "<think>", "</think>"];

    public static Tokenizer Read(string directory)
    {
        using var file = JsonFile.Open(directory, "tokenizer.json");
        var normalize = NormalizerSection.Read(file);
        var (steps, isByteLevel) = PreTokenizerSection.Read(file);
        var frame = PostProcessorSection.Read(file);
        var spelling = DecoderSection.Read(file, isByteLevel);
        var vocabulary = VocabularySection.Read(file);
        var added = AddedTokenSection.Read(file);
        var tokens = Tokens(file, vocabulary, added, EndOfTurn.Read(directory, added), spelling);
        var encoder = new TextEncoder(added, normalize, steps, new BytePairEncoder(VocabularySection.Symbols(file, vocabulary, isByteLevel), VocabularySection.ReadMerges(file, vocabulary)));
        return new Tokenizer(tokens, added, encoder, frame, spelling.DropsLeadingSpace);
    }

    private static Token[] Tokens(JsonFile file, Dictionary<string, int> vocabulary, List<AddedToken> added, HashSet<int> endOfTurn, TokenSpelling spelling)
    {
        var tokens = new Token[vocabulary.Values.Concat(added.Select(token => token.Id)).Max() + 1];
        for (var id = 0; id < tokens.Length; id++)
            tokens[id] = new Token(id, default, TokenKind.Unused);
        var contents = added.Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        foreach (var (entry, id) in vocabulary)
        {
            if (!contents.Contains(entry))
                tokens[id] = new Token(id, spelling.BytesOf(entry) ?? throw file.Error("model.vocab", $"holds '{entry}', which is no byte-level token."), TokenKind.Text);
        }
        foreach (var token in added)
        {
            var kind = endOfTurn.Contains(token.Id) ? TokenKind.EndOfTurn
                : token.IsSpecial || SectionTags.Contains(token.Content) ? TokenKind.Special
                : TokenKind.Text;
            tokens[token.Id] = new Token(token.Id, kind == TokenKind.Text ? System.Text.Encoding.UTF8.GetBytes(token.Content) : default, kind);
        }
        return tokens;
    }

    /// <summary>The ids that end a turn.</summary>
    private static class EndOfTurn
    {
        public static HashSet<int> Read(string directory, List<AddedToken> added)
        {
            // Some older models say it in config.json alone.
            using var file = File.Exists(Path.Combine(directory, "generation_config.json")) || !HasEnd(directory) ? JsonFile.Open(directory, "generation_config.json") : JsonFile.Open(directory, "config.json");
            var value = file.Find("eos_token_id") ?? file.Require("eos_token_id");
            var ids = (value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
                .Select(v => VocabularySection.ReadId(file, "eos_token_id", v)).ToHashSet();
            if (ids.Count == 0 || !ids.All(id => added.Exists(token => token.Id == id)))
                throw file.Error("eos_token_id", "must list added tokens of tokenizer.json, at least one.");

            // What the tokenizer calls the end is one too: chat models at times list only the end of a document above.
            using var tokenizer = JsonFile.Open(directory, "tokenizer_config.json");
            var named = tokenizer.Find("eos_token") is { ValueKind: JsonValueKind.Object } described ? JsonSections.Text(described, "content") : JsonSections.Text(tokenizer.Root, "eos_token");
            if (added.Find(token => token.Content == named) is { } end)
                ids.Add(end.Id);
            return ids;
        }

        private static bool HasEnd(string directory)
        {
            if (!File.Exists(Path.Combine(directory, "config.json")))
                return false;
            using var config = JsonFile.Open(directory, "config.json");
            return config.Find("eos_token_id") is not null;
        }
    }
}
