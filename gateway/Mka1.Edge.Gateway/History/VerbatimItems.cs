using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.History;

/// <summary>
/// Chooses what of a context a summary must not stand for: what operators said, what the user said last, what the model has yet
/// to answer, and the function calls that these answer or that nothing has answered.
/// </summary>
internal static class VerbatimItems
{
    /// <summary>The items to keep, in order. Summaries made before are no operator's words: the new one takes their place.</summary>
    public static List<ContextItem> Of(IReadOnlyList<ContextItem> items)
    {
        var answered = LastIndex(items, IsModels) + 1;
        var lastUser = LastIndex(items, item => item is MessageItem { Role: MessageRole.User });
        var settled = items.Take(answered).Select(item => AnsweredCall(item.Item)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var kept = new List<ContextItem>();
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i].Item;
            var keep = i >= answered || i == lastUser || IsOperators(item) || (Call(item) is { } call && !settled.Contains(call));
            if (keep && !IsSummary(item)) kept.Add(items[i]);
        }

        return kept;
    }

    private static bool IsSummary(ResponseItem item) => item is MessageItem && item.Id?.StartsWith(ResponseIds.Compaction, StringComparison.Ordinal) == true;

    private static bool IsOperators(ResponseItem item) => item is MessageItem { Role: MessageRole.System or MessageRole.Developer };

    private static bool IsModels(ResponseItem item) => AnsweredCall(item) is null && item is not MessageItem { Role: not MessageRole.Assistant };

    private static string? Call(ResponseItem item) => item switch
    {
        FunctionCallItem call => call.CallId,
        CustomToolCallItem call => call.CallId,
        ComputerCallItem call => call.CallId,
        ShellCallItem call => call.CallId,
        LocalShellCallItem call => call.CallId,
        McpApprovalRequestItem request => request.Id,
        _ => null,
    };

    private static string? AnsweredCall(ResponseItem item) => item switch
    {
        FunctionCallOutputItem output => output.CallId,
        CustomToolCallOutputItem output => output.CallId,
        ComputerCallOutputItem output => output.CallId,
        ShellCallOutputItem output => output.CallId,
        LocalShellCallOutputItem output => output.Id ?? "",
        McpApprovalResponseItem response => response.ApprovalRequestId,
        _ => null,
    };

    private static int LastIndex(IReadOnlyList<ContextItem> items, Func<ResponseItem, bool> matches)
    {
        for (var i = items.Count - 1; i >= 0; i--)
        {
            if (matches(items[i].Item)) return i;
        }

        return -1;
    }
}
