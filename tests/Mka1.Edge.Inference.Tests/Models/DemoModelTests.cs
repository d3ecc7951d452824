using System.Globalization;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Tokenization;
using Xunit.Abstractions;

namespace Mka1.Edge.Inference.Tests.Models;

public sealed class DemoModelTests(ITestOutputHelper output)
{
    public static TheoryData<string> Variants => [.. DemoModels.Variants];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Greedy_output_equals_what_torch_says(string variant)
    {
        var model = DemoModels.Load(variant, new ModelLoadOptions { FloatActivations = true });
        await using var engine = new InferenceEngine(model);
        var count = 0;
        foreach (var line in DemoModels.Golden(variant))
        {
            var prompt = line.GetProperty("prompt_ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            var expected = line.GetProperty("output_ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            Assert.Equal(prompt, model.ChatTemplate.Render(DemoModels.Prompt(line)));

            var tokens = await Generate(engine, prompt, expected.Length, topLogprobs: 10);
            Assert.Equal(expected, tokens.Select(token => token.Id));
            foreach (var reference in line.GetProperty("first_logits_top5").EnumerateArray())
            {
                // By id, not by rank: the fifth and sixth may be all but equal.
                var top = tokens[0].TopLogprobs!.Single(candidate => candidate.Id == reference[0].GetInt32());
                Assert.InRange(top.Logprob, reference[1].GetSingle() - 1e-3f, reference[1].GetSingle() + 1e-3f);
            }
            count++;
        }
        Assert.True(count >= 10, $"only {count} goldens");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task A_call_that_the_model_gets_right_is_the_same_under_the_constraint(string variant)
    {
        var model = DemoModels.Load(variant);
        await using var engine = new InferenceEngine(model);
        var calls = 0;
        foreach (var line in DemoModels.Golden(variant).Where(line => line.GetProperty("tools").ValueKind == JsonValueKind.Array))
        {
            var expected = line.GetProperty("output_ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            var tools = line.GetProperty("tools").EnumerateArray().ToDictionary(tool => tool.GetProperty("name").GetString()!, tool => tool.GetProperty("parameters"));
            if (expected[0] != model.ChatTemplate.Tokens.ToolCallStart || !IsValidCall(model.Tokenizer.Decode(expected), tools))
                continue;

            var constraint = new ToolCallingConstraint(model.ChatTemplate.Tokens, new ToolCallingOptions
            {
                Tools = [.. tools.Select(tool => new CallableTool(tool.Key, JsonGrammar.FromSchema(tool.Value)))],
                Parallel = true,
            });
            var prompt = model.ChatTemplate.Render(DemoModels.Prompt(line));
            var tokens = await Generate(engine, prompt, expected.Length, topLogprobs: 0, constraint);
            Assert.Equal(expected, tokens.Select(token => token.Id));
            calls++;
        }
        Assert.True(calls > 0, "no golden holds a valid call");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Accuracy_on_held_out_questions_is_what_the_model_card_states(string variant)
    {
        var model = DemoModels.Load(variant);
        await using var engine = new InferenceEngine(model);
        var kinds = new SortedDictionary<string, (int Count, int Correct)>(StringComparer.Ordinal);
        foreach (var line in DemoModels.HeldOut())
        {
            var correct = await IsCorrect(model, engine, line);
            var kind = line.GetProperty("kind").GetString()!;
            var (count, right) = kinds.GetValueOrDefault(kind);
            kinds[kind] = (count + 1, right + (correct ? 1 : 0));
        }
        foreach (var (kind, (count, right)) in kinds)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{variant} {kind}: {right} of {count}"));

        using var evaluation = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(DemoModels.Directory(variant), "evaluation.json")));
        var stated = evaluation.RootElement.GetProperty("overall");
        Assert.Equal(stated.GetProperty("count").GetInt32(), kinds.Values.Sum(kind => kind.Count));
        var difference = kinds.Values.Sum(kind => kind.Correct) - stated.GetProperty("correct").GetInt32();
        Assert.InRange(100.0 * difference / stated.GetProperty("count").GetInt32(), -2, 2);
    }

    private static async Task<bool> IsCorrect(LanguageModel model, InferenceEngine engine, JsonElement line)
    {
        var expected = line.GetProperty("expected");
        var text = expected.ValueKind == JsonValueKind.String ? expected.GetString()! : expected.GetRawText();
        var prompt = model.ChatTemplate.Render(DemoModels.Prompt(line));
        var tokens = await Generate(engine, prompt, model.Tokenizer.Encode(text).Length + 8, topLogprobs: 0);
        var said = Spell(model, tokens);
        switch (line.GetProperty("match").GetString())
        {
            case "exact":
                return tokens[^1].Finish == FinishReason.Stop && said == text;
            case "prefix":
                return said.StartsWith(text, StringComparison.Ordinal);
            default:
                const string Start = "<tool_call>", End = "</tool_call>";
                if (!said.StartsWith(Start, StringComparison.Ordinal) || !said.EndsWith(End, StringComparison.Ordinal))
                    return false;
                try
                {
                    using var call = JsonDocument.Parse(said[Start.Length..^End.Length]);
                    return JsonElement.DeepEquals(call.RootElement, expected);
                }
                catch (JsonException)
                {
                    return false;
                }
        }
    }

    private static bool IsValidCall(string body, Dictionary<string, JsonElement> tools)
    {
        using var call = JsonDocument.Parse(body);
        return tools.TryGetValue(call.RootElement.GetProperty("name").GetString()!, out var schema)
            && SchemaChecker.IsValid(call.RootElement.GetProperty("arguments"), schema);
    }

    private static async Task<List<GeneratedToken>> Generate(InferenceEngine engine, int[] prompt, int limit, int topLogprobs, ITokenConstraint? constraint = null)
    {
        var tokens = new List<GeneratedToken>();
        await foreach (var token in engine.GenerateAsync(new GenerationRequest
        {
            PromptIds = prompt,
            MaxOutputTokens = limit,
            Sampling = SamplingOptions.Greedy,
            TopLogprobs = topLogprobs,
            Constraint = constraint ?? Unconstrained.Instance,
        }))
        {
            tokens.Add(token);
        }
        return tokens;
    }

    // Control tokens spelled out, the end of the turn left off.
    private static string Spell(LanguageModel model, List<GeneratedToken> tokens)
    {
        var text = new StringBuilder();
        var decoder = new Utf8StreamDecoder();
        foreach (var token in tokens)
        {
            text.Append(decoder.Append(token.Bytes.Span));
            if (token.Id == model.ChatTemplate.Tokens.ToolCallStart)
                text.Append("<tool_call>");
            else if (token.Id == model.ChatTemplate.Tokens.ToolCallEnd)
                text.Append("</tool_call>");
        }
        return text.Append(decoder.Flush()).ToString();
    }
}
