using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Responses;

namespace Mka1.Edge.Gateway.History;

/// <summary>
/// What was said before: the responses that <c>previous_response_id</c> leads back through, or the items of a conversation.
/// A compaction that the gateway made in between stands for everything before it.
/// </summary>
internal sealed class EarlierItems(IResponseStore responses, IConversationStore conversations)
{
    private const string Previous = "previous_response_id";
    private const string Conversation = "conversation";
    private const int PageSize = 200;

    /// <summary>How often a conversation is read again that changes while it is read.</summary>
    private const int Tries = 5;

    private static readonly ApiError NoConversation = new(
        ErrorCode.NotFound, "There is no such conversation. Send the earlier messages in input.", Conversation);

    /// <summary>Adds what the request refers to.</summary>
    /// <returns>Why that cannot be done; null when it is.</returns>
    public ValueTask<ApiError?> AddAsync(ResponseRun run, ContextBuilder context, CancellationToken cancellation) => run.Request switch
    {
        { PreviousResponseId: { } id } => AddChainAsync(run, id, context, cancellation),
        { Conversation: { } id } => AddConversationAsync(run, id, context, cancellation),
        _ => ValueTask.FromResult<ApiError?>(null),
    };

    private async ValueTask<ApiError?> AddChainAsync(ResponseRun run, string id, ContextBuilder context, CancellationToken cancellation)
    {
        if (await responses.ChainAsync(run.Caller.Owner, id, run.Snapshot.Config.Stores.MaxChainLength, cancellation) is not { } chain)
            return new ApiError(ErrorCode.PreviousResponseNotFound, $"Previous response with id '{id}' not found.", Previous);
        if (chain.Any(response => !response.IsTerminal))
        {
            return new ApiError(
                ErrorCode.InvalidState, $"Previous response with id '{id}' has not ended yet. Wait until it has: GET /api/v1/llm/responses/{id}.", Previous);
        }

        if (run.Request.AutoRouting) context.RoutedModel = chain.Reverse().Select(response => RoutedBefore.ModelOf(response.Body)).FirstOrDefault(model => model is not null);
        foreach (var response in chain)
        {
            foreach (var item in ContextItem.OfArray(response.Input))
            {
                if (context.Add(item, Previous) is { } refusal) return refusal;
            }

            foreach (var item in ContextItem.OfOutput(response.Body))
            {
                if (item.Item is CompactionItem) context.Clear();
                if (context.Add(item, Previous) is { } refusal) return refusal;
            }
        }

        return null;
    }

    private async ValueTask<ApiError?> AddConversationAsync(ResponseRun run, string id, ContextBuilder context, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            context.Clear();
            string? after = null;
            string? lastResponse = null;
            while (true)
            {
                var page = await conversations.ListItemsAsync(run.Caller.Owner, id, new PageQuery(PageSize, Descending: false, after), cancellation);
                if (page is null && after is not null && tries < Tries) break; // The item that the next page begins behind was deleted.
                if (page is null) return NoConversation;
                foreach (var item in page.Entries)
                {
                    var entry = ContextItem.Of(item.Body);
                    lastResponse = item.ResponseId ?? lastResponse;
                    if (entry.Item is CompactionItem && item.ResponseId is not null) context.Clear();
                    if (context.Add(entry, Conversation) is { } refusal) return refusal;
                }

                if (!page.HasMore)
                {
                    if (run.Request.AutoRouting && lastResponse is not null && await responses.FindAsync(run.Caller.Owner, lastResponse, cancellation) is { } last)
                        context.RoutedModel = RoutedBefore.ModelOf(last.Body);
                    return null;
                }

                after = page.Entries[^1].Id;
            }
        }
    }
}
