using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads a model server's usage, which is believed only as far as it makes sense.</summary>
internal static class UsageParser
{
    // Half the exact range each, so that the total stays exact too.
    private const long MaxCount = Usage.MaxTokens / 2;

    /// <summary>The usage inside a response object; null when a count is missing, negative or absurd.</summary>
    public static Usage? Trusted(FieldReader response)
    {
        if (response.OfKind("usage"u8, JsonValueKind.Object) is not { } value)
            return null;
        var usage = new FieldReader(value, response.Context);
        if (usage.Integer("input_tokens"u8, 0, MaxCount) is not { } input || usage.Integer("output_tokens"u8, 0, MaxCount) is not { } output)
            return null;
        var cached = Detail(usage, "input_tokens_details"u8, "cached_tokens"u8, input);
        var reasoning = Detail(usage, "output_tokens_details"u8, "reasoning_tokens"u8, output);
        return Usage.Of(input, output, cached, reasoning);
    }

    private static long Detail(FieldReader usage, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> name, long max) =>
        usage.OfKind(owner, JsonValueKind.Object) is { } details ? new FieldReader(details, usage.Context).Integer(name, 0, max) ?? 0 : 0;
}
