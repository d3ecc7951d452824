using System.Text;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.ModelServer.Answering;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Answering;

public sealed class GenerationReaderTests
{
    private static readonly ChatTokens Control = new(TurnStart: 0, TurnEnd: 1, ToolCallStart: 2, ToolCallEnd: 3);

    [Fact]
    public void Text_and_calls_read_the_same_however_their_bytes_are_cut_into_tokens()
    {
        var random = new Random(2);
        for (var round = 0; round < 300; round++)
        {
            var recorder = new Recorder();
            var reader = new GenerationReader(Control, null, recorder);
            foreach (var token in Cut("Grüße, 東京 🙂!", random))
                reader.Accept(token);
            foreach (var (name, city) in new[] { ("a", "لاہور"), ("b", "🙂") })
            {
                reader.Accept(Special(Control.ToolCallStart));
                foreach (var token in Cut("""{"name":"NAME","arguments":{"city":"CITY"}}""".Replace("NAME", name, StringComparison.Ordinal).Replace("CITY", city, StringComparison.Ordinal), random))
                    reader.Accept(token);
                reader.Accept(Special(Control.ToolCallEnd));
            }

            reader.Accept(Special(Control.TurnEnd, FinishReason.Stop));

            Assert.Equal(
                ["text:Grüße, 東京 🙂!", "call:a", """arguments:{"city":"لاہور"}""", "end", "call:b", """arguments:{"city":"🙂"}""", "end"],
                recorder.Parts);
            Assert.All(recorder.Texts, text => Assert.DoesNotContain('\uFFFD', text));
        }
    }

    [Fact]
    public void Thoughts_lose_the_white_space_around_them_and_no_character_however_their_bytes_are_cut()
    {
        var control = Control with { ThinkStart = 4, ThinkEnd = 5 };
        var random = new Random(3);
        for (var round = 0; round < 300; round++)
        {
            var recorder = new Recorder();
            var opened = round % 2 == 0;
            var reader = new GenerationReader(control, null, recorder, startsThinking: opened);
            if (!opened)
                reader.Accept(Special(control.ThinkStart));
            var thought = Cut("\n Grüße,\n\n東京 🙂! \n", random).ToList();
            foreach (var token in thought)
                reader.Accept(token);
            reader.Accept(Special(control.ThinkEnd));
            foreach (var token in Cut("\n\nلاہور ", random))
                reader.Accept(token);
            reader.Accept(Special(Control.TurnEnd, FinishReason.Stop));

            Assert.Equal(["thought:Grüße,\n\n東京 🙂!", "thought end", "text:لاہور "], recorder.Parts);
            Assert.Equal(thought.Count + (opened ? 1 : 2), reader.ThoughtTokens);
        }
    }

    [Fact]
    public void A_thought_of_white_space_alone_is_none_and_half_a_character_before_a_forced_end_is_dropped()
    {
        var control = Control with { ThinkStart = 4, ThinkEnd = 5 };
        var empty = new Recorder();
        var reader = new GenerationReader(control, null, empty);
        foreach (var token in new[] { Special(4), Token("\n\n"u8.ToArray(), 0), Special(5), Token("a"u8.ToArray(), 0) })
            reader.Accept(token);
        var forced = new Recorder();
        reader = new GenerationReader(control, null, forced);
        foreach (var token in new[] { Special(4), Token("a🙂"u8[..3].ToArray(), 0), Special(5), Token("b"u8.ToArray(), 0) })
            reader.Accept(token);

        Assert.Equal(["text:a"], empty.Parts);
        Assert.Equal(["thought:a", "thought end", "text:b"], forced.Parts);
    }

    [Fact]
    public void Each_token_has_its_logprob_with_the_text_it_completes()
    {
        var recorder = new Recorder();
        var reader = new GenerationReader(Control, new LogprobFormat(id => new[] { "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>" }[id]), recorder);
        var smile = "🙂"u8.ToArray();

        byte[] first = [.. "a"u8, smile[0]];
        reader.Accept(Token(first, -0.5f));
        reader.Accept(Token(smile.AsMemory(1), -1f));
        reader.Accept(Special(Control.TurnEnd, FinishReason.Stop));

        Assert.Equal(["a", "🙂"], recorder.Texts);
        Assert.Equal([-0.5, -1.0], recorder.Logprobs.Select(l => l.Logprob));
        Assert.Equal(first.Select(b => (int)b), recorder.Logprobs[0].Bytes);
        Assert.Equal(smile[1..].Select(b => (int)b), recorder.Logprobs[1].Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"na")]
    [InlineData("{\"name\":\"", "")]
    [InlineData("{\"name\":\"get_w", "get_w")]
    public void A_call_that_the_limit_cuts_before_its_name_is_whole_is_still_a_call(string body, string name = "")
    {
        var recorder = new Recorder();
        var reader = new GenerationReader(Control, null, recorder);
        reader.Accept(Special(Control.ToolCallStart, body.Length == 0 ? FinishReason.Length : null));
        if (body.Length > 0)
            reader.Accept(Token(Encoding.UTF8.GetBytes(body), 0) with { Finish = FinishReason.Length });
        Assert.Equal([$"call:{name}"], recorder.Parts);
    }

    [Fact]
    public void Half_a_character_is_dropped_when_the_limit_cuts_it_and_replaced_when_the_model_ends_there()
    {
        byte[] half = [.. "a"u8, .. "🙂"u8[..2]];
        var cut = new Recorder();
        new GenerationReader(Control, null, cut).Accept(Token(half, 0) with { Finish = FinishReason.Length });
        var ended = new Recorder();
        var reader = new GenerationReader(Control, null, ended);
        reader.Accept(Token(half, 0));
        reader.Accept(Special(Control.TurnEnd, FinishReason.Stop));

        Assert.Equal(["text:a"], cut.Parts);
        Assert.Equal(["text:a\uFFFD"], ended.Parts);
    }

    [Theory]
    [InlineData(new[] { " Hello", " you" }, "Hello you")]
    [InlineData(new[] { " ", "  Hello" }, "  Hello")]
    [InlineData(new[] { "Hello", " you" }, "Hello you")]
    public void The_space_that_some_vocabularies_start_with_is_no_part_of_the_answer(string[] tokens, string expected)
    {
        var recorder = new Recorder();
        var reader = new GenerationReader(Control, null, recorder, dropsLeadingSpace: true);
        foreach (var token in tokens)
            reader.Accept(Token(Encoding.UTF8.GetBytes(token), 0));
        reader.Accept(Special(Control.TurnEnd, FinishReason.Stop));

        Assert.Equal(expected, string.Concat(recorder.Texts));
    }

    private static IEnumerable<GeneratedToken> Cut(string text, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - at, random.Next(1, 5));
            yield return Token(bytes.AsMemory(at, length), 0);
            at += length;
        }
    }

    private static GeneratedToken Token(ReadOnlyMemory<byte> bytes, float logprob) => new() { Id = 9, Bytes = bytes, IsSpecial = false, Logprob = logprob };

    private static GeneratedToken Special(int id, FinishReason? finish = null) => new() { Id = id, Bytes = default, IsSpecial = true, Finish = finish };
}
