using System.Buffers;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Writes a response as a chat completion.</summary>
public static class ChatCompletionWriter
{
    /// <summary>The <c>chat.completion</c> object as UTF-8 JSON.</summary>
    /// <param name="response">A response that is completed or incomplete; a failed one is an error, not a completion.</param>
    public static byte[] ToBytes(ResponseObject response)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output, WireJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, IdOf(response.Id));
            json.WriteString("object"u8, "chat.completion"u8);
            json.WriteNumber("created"u8, response.CreatedAt);
            json.WriteString("model"u8, response.Model);
            json.WriteStartArray("choices"u8);
            json.WriteStartObject();
            json.WriteNumber("index"u8, 0);
            json.WriteStartObject("message"u8);
            Message(response, json);
            json.WriteEndObject();
            Logprobs([.. Parts<OutputTextPart>(response).SelectMany(part => part.Logprobs)], json);
            json.WriteString("finish_reason"u8, FinishReasonOf(response));
            json.WriteEndObject();
            json.WriteEndArray();
            ChatUsage.Write(json, response.Usage);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>The id of the completion that a response is.</summary>
    internal static string IdOf(string responseId) => "chatcmpl-" + responseId[(responseId.IndexOf('_', StringComparison.Ordinal) + 1)..];

    /// <summary>How a response ended, in chat's word.</summary>
    internal static string FinishReasonOf(ResponseObject response) => response.Status == ResponseStatus.Incomplete
        ? response.IncompleteDetails?.Reason == IncompleteDetails.ContentFilter ? "content_filter" : "length"
        : response.Output.Any(item => item is FunctionCallItem) ? "tool_calls" : "stop";

    /// <summary>Writes the member <c>logprobs</c>; null when there are none.</summary>
    internal static void Logprobs(List<TokenLogprob> tokens, Utf8JsonWriter json)
    {
        if (tokens.Count == 0)
        {
            json.WriteNull("logprobs"u8);
            return;
        }

        json.WriteStartObject("logprobs"u8);
        json.WritePropertyName("content"u8);
        JsonSerializer.Serialize(json, tokens, ResponsesJson.Wire.ListTokenLogprob);
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
    }

    private static void Message(ResponseObject response, Utf8JsonWriter json)
    {
        json.WriteString("role"u8, "assistant"u8);
        if (Parts<OutputTextPart>(response).Any() || !response.Output.Any(item => item is FunctionCallItem))
            json.WriteString("content"u8, response.OutputText);
        else
            json.WriteNull("content"u8);
        var refusal = string.Concat(Parts<RefusalPart>(response).Select(part => part.Refusal.Value));
        json.WriteString("refusal"u8, refusal.Length > 0 ? refusal : null);
        json.WriteStartArray("annotations"u8);
        json.WriteEndArray();
        var thoughts = string.Concat(response.Output.OfType<ReasoningItem>()
            .SelectMany(item => item.Content ?? []).OfType<ReasoningTextPart>().Select(part => part.Text.Value));
        if (thoughts.Length > 0)
            json.WriteString("reasoning_content"u8, thoughts);
        Calls(response, json);
    }

    private static void Calls(ResponseObject response, Utf8JsonWriter json)
    {
        var calls = response.Output.OfType<FunctionCallItem>().ToList();
        if (calls.Count == 0)
            return;
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.CallId);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WritePropertyName("arguments"u8);
            call.Arguments.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IEnumerable<T> Parts<T>(ResponseObject response) =>
        response.Output.OfType<MessageItem>().SelectMany(message => message.Content).OfType<T>();
}
