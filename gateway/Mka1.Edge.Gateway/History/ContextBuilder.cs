using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.History;

/// <summary>Gathers the input of a run in order, opens compacted parts, and stops what grows past all bounds.</summary>
internal sealed class ContextBuilder(ResponseRun run, CompactionCipher cipher)
{
    private readonly long _maxBytes = run.Snapshot.Config.Limits.MaxRequestBytes;
    private long _bytes;

    /// <summary>What there is so far, oldest first.</summary>
    public List<ContextItem> Items { get; } = [];

    /// <summary>The variant that auto_routing last gave what was said before.</summary>
    public string? RoutedModel { get; set; }

    /// <summary>Puts an item behind the others; of a compacted part, the items inside.</summary>
    /// <param name="item">The item.</param>
    /// <param name="param">The parameter that led to it, to name in a refusal.</param>
    /// <returns>Why it cannot be added; null when it has been.</returns>
    public ApiError? Add(ContextItem item, string param)
    {
        if (item.Item is not CompactionItem compaction) return Append(item, param);
        if (cipher.Open(run.Caller.Grant.TenantId, compaction) is not { } inside)
        {
            return new ApiError(
                ErrorCode.InvalidValue,
                "The compaction cannot be read: it was changed, comes from another tenant, or its key is gone. Send the items it stood for, or start anew.",
                param);
        }

        foreach (var one in inside)
        {
            if (Append(one, param) is { } tooLong) return tooLong;
        }

        return null;
    }

    /// <summary>Puts an item in front of all others.</summary>
    public ApiError? Lead(ContextItem item, string param)
    {
        if (Append(item, param) is { } tooLong) return tooLong;
        Items.RemoveAt(Items.Count - 1);
        Items.Insert(0, item);
        return null;
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Items.Clear();
        _bytes = 0;
    }

    /// <summary>What a context is refused with that is longer than any request may be.</summary>
    public static ApiError TooLong(long maxBytes, string param) => new(
        ErrorCode.ContextLengthExceeded,
        $"The input with all it refers to is larger than {maxBytes} bytes. Compact it (POST /api/v1/llm/responses/compact or context_management), or start anew with what matters.",
        param);

    private ApiError? Append(ContextItem item, string param)
    {
        _bytes += item.Json.Length + 1;
        if (_bytes > _maxBytes) return TooLong(_maxBytes, param);
        Items.Add(item);
        return null;
    }
}
