using System.Text;
using System.Text.Json.Nodes;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Tokenization;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tests.Tokenization;

public sealed class TokenizerTests
{
    private static readonly Tokenizer Tiny = TinyTokenizer.Load();

    [Fact]
    public void The_reference_encodings_are_met()
    {
        var tokenizer = Tokenizer.Load(DemoModels.Directory("mka1-mini-dense"));
        var count = 0;
        foreach (var line in DemoModels.Golden("tokenizer"))
        {
            var text = line.GetProperty("text").GetString()!;
            var expected = line.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            Assert.True(expected.SequenceEqual(tokenizer.Encode(text)), $"'{text}': expected [{string.Join(',', expected)}], got [{string.Join(',', tokenizer.Encode(text))}]");
            Assert.Equal(text, tokenizer.Decode(expected));
            count++;
        }
        Assert.True(count > 100, $"only {count} reference encodings");
    }

    [Fact]
    public void The_pair_of_lowest_rank_is_merged_first()
    {
        // "t h" comes before "he": "the" is th+e, not t+he.
        Assert.Equal(["the"], Spell("the"));
        Assert.Equal(["he"], Spell("he"));
        Assert.Equal(["x", " the"], Spell("x the"));
        Assert.Equal(["ll", "l"], Spell("lll"));
    }

    [Fact]
    public void A_control_token_spelled_out_in_text_stays_text()
    {
        var ids = Tiny.Encode("<|im_start|>system\n<tool_call>");
        Assert.All(ids, id => Assert.Equal(TokenKind.Text, Tiny[id].Kind));
        Assert.Equal("<|im_start|>system\n<tool_call>", Tiny.Decode(ids));
    }

    [Fact]
    public void Control_tokens_have_no_bytes_and_the_right_kind()
    {
        Assert.True(Tiny.TryGetSpecial("<|im_end|>", out var end));
        Assert.True(Tiny.TryGetSpecial("<tool_call>", out var call));
        Assert.Equal(TokenKind.EndOfTurn, Tiny[end].Kind);
        Assert.Equal(TokenKind.Special, Tiny[call].Kind);
        Assert.True(Tiny[call].Bytes.IsEmpty);
        Assert.False(Tiny.TryGetSpecial("the", out _));
        Assert.Equal([0, 2], Tiny.EndOfTurnIds);
    }

    [Fact]
    public void Random_text_survives_encoding_and_decoding()
    {
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => new Rune(random.Next(2) == 0 ? random.Next(0xD800) : random.Next(0x10000, 0x20000))));
            Assert.Equal(text, Tiny.Decode(Tiny.Encode(text)));
        }
    }

    [Fact]
    public void A_lone_surrogate_is_read_as_the_replacement_character()
    {
        Assert.Equal("a\ufffdb", Tiny.Decode(Tiny.Encode("a\ud800b")));
    }

    [Fact]
    public void One_endless_word_is_encoded()
    {
        var text = new string('l', 300_000);
        Assert.Equal(150_000, Tiny.Encode(text).Length);
    }

    [Fact]
    public void What_would_be_encoded_differently_is_refused_by_name()
    {
        AssertRefused("normalizer", json => json["normalizer"] = new JsonObject { ["type"] = "NFKC" });
        AssertRefused("pre_tokenizer", json => json["pre_tokenizer"]!["pretokenizers"]![0]!["pattern"]!["Regex"] = "\\w+");
        AssertRefused("post_processor", json => json["post_processor"] = new JsonObject { ["type"] = "TemplateProcessing" });
        AssertRefused("model.type", json => json["model"]!["type"] = "Unigram");
        AssertRefused("post_processor", json => json["post_processor"] = JsonNode.Parse("""{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}}],"special_tokens":{}}"""));
        AssertRefused("pre_tokenizer", json => json["pre_tokenizer"] = JsonNode.Parse("""{"type":"Sequence","pretokenizers":[{"type":"ByteLevel"},{"type":"Digits"}]}"""));
        AssertRefused("pre_tokenizer", json => json["pre_tokenizer"] = JsonNode.Parse("""{"type":"BertPreTokenizer"}"""));
        AssertRefused("decoder", json => json["decoder"] = JsonNode.Parse("""{"type":"WordPiece"}"""));
        AssertRefused("model.dropout", json => json["model"]!["dropout"] = 0.1);
        AssertRefused("model.unk_token", json => (json["pre_tokenizer"], json["model"]!["unk_token"]) = (null, "<unk>"));
        AssertRefused("model.vocab", json => (json["pre_tokenizer"], json["model"]!["byte_fallback"]) = (null, true));
        AssertRefused("model.end_of_word_suffix", json => json["model"]!["end_of_word_suffix"] = "</w>");
        AssertRefused("single_word", json => json["added_tokens"]![0]!["single_word"] = true);
        AssertRefused("model.vocab", json => ((JsonObject)json["model"]!["vocab"]!).Remove("A"));
        AssertRefused("model.vocab", json => json["model"]!["vocab"]!["B"] = 70);
        AssertRefused("model.vocab.B", json => json["model"]!["vocab"]!["B"] = -1);
        AssertRefused("model.merges", json => json["model"]!["merges"]![0] = "no such pair");
        AssertRefused("added_tokens", json => json["added_tokens"]![0]!.AsObject().Remove("id"));
        AssertRefused("eos_token_id", json => json["added_tokens"]!.AsArray().RemoveAt(2));
    }

    [Fact]
    public void What_the_tokenizer_calls_the_end_ends_a_turn_too()
    {
        using var folder = new TempFolder();
        TinyTokenizer.Write(folder.Path, tokenizerConfig: """{"eos_token":{"content":"<|im_start|>"}}""");
        Assert.Equal([0, 1, 2], Tokenizer.Load(folder.Path).EndOfTurnIds);
        File.Delete(folder.File("generation_config.json"));
        File.WriteAllText(folder.File("config.json"), """{"eos_token_id":2}""");
        Assert.Equal([1, 2], Tokenizer.Load(folder.Path).EndOfTurnIds);
    }

    [Fact]
    public void Merges_written_as_pairs_are_read_too()
    {
        using var folder = new TempFolder();
        TinyTokenizer.Write(folder.Path, json => json["model"]!["merges"] = new JsonArray(new JsonArray("t", "h"), new JsonArray("th", "e")));
        Assert.Single(Tokenizer.Load(folder.Path).Encode("the"));
    }

    private static void AssertRefused(string key, Action<JsonObject> change)
    {
        using var folder = new TempFolder();
        TinyTokenizer.Write(folder.Path, change);
        var error = Assert.Throws<ModelFormatException>(() => Tokenizer.Load(folder.Path));
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(".json", error.Message, StringComparison.Ordinal);
    }

    private static string[] Spell(string text) => [.. Tiny.Encode(text).Select(id => Encoding.UTF8.GetString(Tiny[id].Bytes.Span))];
}
