using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.State;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Prompts;
using Mka1.Edge.Stores.Responses;

namespace Mka1.Edge.Gateway.History;

/// <summary>
/// Stage 6: what a request refers to. The model's input becomes, in this order: the prompt template as a developer message; what
/// was said before, in the responses that <c>previous_response_id</c> leads back through or in the conversation; the request's own
/// items, references replaced by what they name. Instructions of earlier responses do not carry over.
/// </summary>
internal sealed class HistoryStage(IResponseStore responses, IConversationStore conversations, IPromptStore prompts, Protector protector) : IRunStage
{
    private static readonly ReadOnlyMemory<byte> NoItems = "[]"u8.ToArray();

    private readonly CompactionCipher _cipher = new(protector);
    private readonly ItemLookup _lookup = new(responses, conversations);
    private readonly EarlierItems _earlier = new(responses, conversations);
    private readonly PromptMessages _prompts = new(prompts);

    public async ValueTask<ApiError?> RunAsync(ResponseRun run, CancellationToken cancellation)
    {
        if (StandsAlone(run.Request))
        {
            run.History = Alone(run.Request);
            return null;
        }

        try
        {
            return await ResolveAsync(run, cancellation);
        }
        catch (StoreUnavailableException)
        {
            return new ApiError(ErrorCode.StoreUnavailable, "What the request refers to cannot be read now. Retry shortly, or send the earlier messages in input.");
        }
    }

    /// <summary>Whether the request's own input is all there is to it.</summary>
    private static bool StandsAlone(CreateResponseRequest request) =>
        request is { PreviousResponseId: null, Conversation: null, Prompt: null } && !request.Input.Any(item => item is ItemReference or CompactionItem);

    private static RunHistory Alone(CreateResponseRequest request)
    {
        // Nobody will ever list the items of a response that is not stored.
        if (!request.Store) return new RunHistory(NoItems, [], null, request.Input);
        var own = request.Input.Select(StoredItems.Normalize).ToList();
        return new RunHistory(StoredItems.ToArray(own), [.. own.Select(item => item.Id)], null, request.Input);
    }

    private async ValueTask<ApiError?> ResolveAsync(ResponseRun run, CancellationToken cancellation)
    {
        var request = run.Request;
        var (own, refused) = await OwnAsync(run, cancellation);
        if (refused is not null) return refused;

        var context = new ContextBuilder(run, _cipher);
        if (await _earlier.AddAsync(run, context, cancellation) is { } noHistory) return noHistory;
        for (var i = 0; i < own.Count; i++)
        {
            var param = own[i].Item is CompactionItem ? $"input[{i}].encrypted_content" : "input";
            if (context.Add(own[i], param) is { } refusal) return refusal;
        }

        if (request.Prompt is { } prompt && await _prompts.LeadAsync(run, prompt, context, cancellation) is { } noPrompt) return noPrompt;

        run.History = new RunHistory(
            ContextItem.ToArray(own),
            [.. own.Select(item => item.Item.Id!)],
            ContextItem.ToArray(context.Items),
            [.. context.Items.Select(item => item.Item)],
            RoutedModel: context.RoutedModel);
        return null;
    }

    /// <summary>The request's own items in the form in which they are stored.</summary>
    private async ValueTask<(List<ContextItem> Items, ApiError? Refusal)> OwnAsync(ResponseRun run, CancellationToken cancellation)
    {
        var input = run.Request.Input;
        var references = input.OfType<ItemReference>().Select(item => item.Id!).ToHashSet(StringComparer.Ordinal);
        var found = references.Count > 0 ? await _lookup.FindAsync(run.Caller.Owner, references, cancellation) : null;
        var own = new List<ContextItem>(input.Count);
        var room = run.Snapshot.Config.Limits.MaxRequestBytes;
        for (var i = 0; i < input.Count; i++)
        {
            var item = input[i];
            if (item is ItemReference reference)
            {
                if (!found!.TryGetValue(reference.Id!, out var named))
                    return (own, new ApiError(ErrorCode.NotFound, "There is no such item. Send the item itself.", $"input[{i}].id"));
                item = named.Item;
            }

            own.Add(ContextItem.Of(StoredItems.Normalize(item).Json));

            // A few bytes of reference can name megabytes, any number of times.
            room -= own[^1].Json.Length;
            if (room < 0) return (own, ContextBuilder.TooLong(run.Snapshot.Config.Limits.MaxRequestBytes, "input"));
        }

        return (own, null);
    }
}
