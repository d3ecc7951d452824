using System.Text;
using System.Text.Json;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.ModelServer.Commands;

/// <summary>A conversation with the answer that is right.</summary>
internal sealed class EvaluationCase
{
    private const string CallStart = "<tool_call>";
    private const string CallEnd = "</tool_call>";

    // Tokens an answer may have beyond the right one's: enough to see that it did not stop.
    private const int Slack = 8;

    private readonly JsonElement _line;

    private EvaluationCase(JsonElement line)
    {
        _line = line;
        Kind = line.GetProperty("kind").GetString()!;
        Match = line.GetProperty("match").GetString()!;
        Expected = line.GetProperty("expected");
        if (Match is not ("exact" or "prefix" or "tool_call"))
            throw new InvalidDataException($"'match' is '{Match}'; expected exact, prefix or tool_call.");
    }

    /// <summary>The task it belongs to.</summary>
    public string Kind { get; }

    private string Match { get; }

    private JsonElement Expected { get; }

    private string Answer => Expected.ValueKind == JsonValueKind.String ? Expected.GetString()! : Expected.GetRawText();

    /// <summary>Reads JSON lines.</summary>
    /// <exception cref="InvalidDataException">A line is no case; the message says which.</exception>
    public static IEnumerable<EvaluationCase> Read(FileInfo file)
    {
        var number = 0;
        foreach (var line in File.ReadLines(file.FullName))
        {
            number++;
            EvaluationCase read;
            try
            {
                using var document = JsonDocument.Parse(line);
                read = new EvaluationCase(document.RootElement.Clone());
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or InvalidDataException)
            {
                throw new InvalidDataException($"{file.FullName}, line {number}: {e.Message}", e);
            }
            yield return read;
        }
    }

    /// <summary>Asks the engine, greedily and without a constraint, and compares.</summary>
    public async Task<bool> IsAnsweredBy(LanguageModel model, InferenceEngine engine, CancellationToken token)
    {
        var text = new StringBuilder();
        var decoder = new Utf8StreamDecoder();
        var finish = FinishReason.Length;
        await foreach (var answer in engine.GenerateAsync(
            new GenerationRequest
            {
                PromptIds = model.ChatTemplate.Render(Prompt()),
                MaxOutputTokens = model.Tokenizer.Encode(Answer).Length + Slack,
                Sampling = SamplingOptions.Greedy,
                Constraint = Unconstrained.Instance,
            },
            token))
        {
            text.Append(decoder.Append(answer.Bytes.Span));
            if (answer.Id == model.ChatTemplate.Tokens.ToolCallStart)
                text.Append(CallStart);
            else if (answer.Id == model.ChatTemplate.Tokens.ToolCallEnd)
                text.Append(CallEnd);
            finish = answer.Finish ?? finish;
        }
        return IsRight(text.Append(decoder.Flush()).ToString(), finish);
    }

    private bool IsRight(string said, FinishReason finish) => Match switch
    {
        "exact" => finish == FinishReason.Stop && said == Answer,
        "prefix" => said.StartsWith(Answer, StringComparison.Ordinal),
        _ => said.StartsWith(CallStart, StringComparison.Ordinal) && said.EndsWith(CallEnd, StringComparison.Ordinal) && IsSameCall(said[CallStart.Length..^CallEnd.Length]),
    };

    private bool IsSameCall(string body)
    {
        try
        {
            using var call = JsonDocument.Parse(body);
            return JsonElement.DeepEquals(call.RootElement, Expected);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private ChatPrompt Prompt() => new()
    {
        Instructions = Text(_line, "instructions"),
        Tools = _line.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array
            ? [.. tools.EnumerateArray().Select(tool => new ChatTool(Text(tool, "name")!, Text(tool, "description"), tool.GetProperty("parameters").GetRawText()))]
            : [],
        Turns = [.. _line.GetProperty("input").EnumerateArray().Select(Turn)],
    };

    private static ChatTurn Turn(JsonElement item) => Text(item, "type") switch
    {
        "message" => new ChatTurn.Message(
            Text(item, "role") switch { "user" => ChatRole.User, "assistant" => ChatRole.Assistant, _ => ChatRole.System },
            Text(item, "content")!),
        "function_call" => new ChatTurn.ToolCall(Text(item, "name")!, Text(item, "arguments")!),
        _ => new ChatTurn.ToolResult(Text(item, "output")!),
    };

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
