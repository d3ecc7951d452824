using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Conversations;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>The items of a conversation (contract.md H).</summary>
internal static class ConversationItemEndpoints
{
    private const int MaxPage = 100;
    private const int MaxMetadataPairs = 16;
    private const string LastRemoved = "last_removed_item_id";

    private static readonly ApiError NotFound = new(
        ErrorCode.NotFound,
        "There is no such conversation or no such item in it. Either may have been deleted, or belong to another tenant or end user.");

    public static void Map(IEndpointRouteBuilder items)
    {
        items.MapPost("", AddAsync);
        items.MapGet("", ListAsync);
        items.MapDelete("", DeleteManyAsync);
        items.MapGet("/{itemId}", GetAsync);
        items.MapDelete("/{itemId}", DeleteAsync);
    }

    public static IReadOnlyList<ConversationItem> ToStore(IReadOnlyList<StoredItem> items) =>
        [.. items.Select(item => new ConversationItem(item.Id, item.Json, item.SearchText))];

    private static async Task AddAsync(HttpContext http, string id, IConversationStore store)
    {
        if (await IncludeIsWrongAsync(http)) return;
        if (await EndpointBody.ReadAsync(http, static body => ConversationParser.ParseItems(body)) is not { } items) return;
        var added = ToStore(items);
        if (await store.AppendAsync(http.Caller().Owner, new ConversationAppend(id, null, added), http.RequestAborted)) await SendAsync(http, added, hasMore: false);
        else await http.RefuseAsync(ConversationEndpoints.NotFound);
    }

    private static async Task ListAsync(HttpContext http, string id, IConversationStore store)
    {
        if (PageParameters.Read(http.Request.Query, MaxPage, descending: false, out var page) is { } wrong)
        {
            await http.RefuseAsync(wrong);
            return;
        }

        if (await IncludeIsWrongAsync(http)) return;
        var owner = http.Caller().Owner;
        if (await store.ListItemsAsync(owner, id, page, http.RequestAborted) is { } found) await SendAsync(http, found.Entries, found.HasMore);
        else if (await store.FindAsync(owner, id, http.RequestAborted) is null) await http.RefuseAsync(ConversationEndpoints.NotFound);
        else await http.RefuseAsync(PageParameters.UnknownCursor(page));
    }

    private static async Task GetAsync(HttpContext http, string id, string itemId, IConversationStore store)
    {
        if (await IncludeIsWrongAsync(http)) return;
        if (await store.FindItemAsync(http.Caller().Owner, id, itemId, http.RequestAborted) is { } item)
            await ErrorResponses.SendAsync(http.Response, Json(item));
        else await http.RefuseAsync(NotFound);
    }

    private static Task DeleteAsync(HttpContext http, string id, string itemId, IConversationStore store) => RemoveAsync(http, id, [itemId], store);

    private static async Task DeleteManyAsync(HttpContext http, string id, IConversationStore store)
    {
        if (await EndpointBody.ReadAsync(http, static body => ConversationParser.ParseItemIds(body)) is { } itemIds)
            await RemoveAsync(http, id, itemIds, store);
    }

    private static async Task RemoveAsync(HttpContext http, string id, IReadOnlyList<string> itemIds, IConversationStore store)
    {
        var conversation = await store.DeleteItemsAsync(http.Caller().Owner, id, itemIds, metadata => WithLastRemoved(metadata, itemIds[^1]), http.RequestAborted);
        if (conversation is null) await http.RefuseAsync(NotFound);
        else await ConversationEndpoints.SendAsync(http, conversation);
    }

    /// <summary>The metadata with the id of what was removed last. Metadata that is full stays as the client made it.</summary>
    private static ReadOnlyMemory<byte> WithLastRemoved(ReadOnlyMemory<byte> metadata, string itemId)
    {
        var pairs = MetadataBody.Of(metadata).ToDictionary(StringComparer.Ordinal);
        if (pairs.Count >= MaxMetadataPairs && !pairs.ContainsKey(LastRemoved)) return metadata;
        pairs[LastRemoved] = itemId;
        return MetadataBody.ToBytes(pairs);
    }

    /// <summary>The <c>include</c> of every item route is checked; what is stored is always answered whole, so it adds nothing.</summary>
    private static async ValueTask<bool> IncludeIsWrongAsync(HttpContext http)
    {
        var include = QueryParameters.List(http.Request.Query, "include");
        if (include.All(IncludeNames.All.Contains)) return false;
        await http.RefuseAsync(new ApiError(ErrorCode.InvalidValue, $"'include' may name: {string.Join(", ", IncludeNames.All)}.", "include"));
        return true;
    }

    private static Task SendAsync(HttpContext http, IReadOnlyList<ConversationItem> items, bool hasMore) =>
        ErrorResponses.SendAsync(http.Response, ListBody.Of([.. items.Select(item => (item.Id, Json(item)))], hasMore));

    /// <summary>An item as it was stored, with the response it came with.</summary>
    private static ReadOnlyMemory<byte> Json(ConversationItem item) => item.ResponseId is { } response
        ? JsonSplice.Apply(item.Body.Span, JsonEdit.Set("response_id", JsonSerializer.SerializeToUtf8Bytes(response, ResponsesJson.Wire.String)))
        : item.Body;
}
