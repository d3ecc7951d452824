using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads and writes <c>usage</c> as chat has it.</summary>
internal static class ChatUsage
{
    // Half the exact range each, so that the total stays exact too.
    private const long MaxCount = Usage.MaxTokens / 2;

    /// <summary>
    /// The usage of a completion or chunk; null without one, and when a count is missing, negative or absurd. Counts of cached and of
    /// thought tokens stand where OpenAI has them, or where DeepSeek and SGLang do; more of them than there are tokens is none.
    /// </summary>
    public static Usage? Read(JsonElement owner)
    {
        if (ChatFields.Object(owner, "usage"u8) is not { } usage
            || ChatFields.Count(usage, "prompt_tokens"u8, MaxCount) is not { } input
            || ChatFields.Count(usage, "completion_tokens"u8, MaxCount) is not { } output)
        {
            return null;
        }

        var cached = Detail(usage, "prompt_tokens_details"u8, "cached_tokens"u8, input)
            ?? ChatFields.Count(usage, "prompt_cache_hit_tokens"u8, input) ?? 0;
        var thought = Detail(usage, "completion_tokens_details"u8, "reasoning_tokens"u8, output)
            ?? ChatFields.Count(usage, "reasoning_tokens"u8, output) ?? 0;
        return Usage.Of(input, output, cached, thought);
    }

    /// <summary>Writes the member <c>usage</c>.</summary>
    public static void Write(Utf8JsonWriter json, Usage? usage)
    {
        if (usage is null)
        {
            json.WriteNull("usage"u8);
            return;
        }

        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.InputTokens);
        json.WriteNumber("completion_tokens"u8, usage.OutputTokens);
        json.WriteNumber("total_tokens"u8, usage.TotalTokens);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.InputTokensDetails.CachedTokens);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.OutputTokensDetails.ReasoningTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static long? Detail(JsonElement usage, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> name, long max) =>
        ChatFields.Object(usage, owner) is { } details ? ChatFields.Count(details, name, max) : null;
}
