using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Conversations;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>The conversations resource (contract.md H); <see cref="ConversationItemEndpoints"/> serves what is in them.</summary>
internal static class ConversationEndpoints
{
    private const int MaxPage = 50;

    /// <summary>One refusal for whatever the caller cannot see, so that it tells nothing about what others have.</summary>
    public static readonly ApiError NotFound =
        new(ErrorCode.NotFound, "There is no such conversation. It may have been deleted, or belong to another tenant or end user.");

    public static void Map(IEndpointRouteBuilder api)
    {
        var conversations = api.MapGroup("/conversations");
        conversations.MapPost("", CreateAsync);
        conversations.MapGet("", ListAsync);
        conversations.MapGet("/{id}", GetAsync);
        conversations.MapPost("/{id}", UpdateAsync);
        conversations.MapDelete("/{id}", DeleteAsync);
        ConversationItemEndpoints.Map(conversations.MapGroup("/{id}/items"));
    }

    /// <summary>Answers with a conversation, or that there is none.</summary>
    public static Task SendAsync(HttpContext http, StoredConversation? conversation) =>
        conversation is null ? http.RefuseAsync(NotFound) : ErrorResponses.SendAsync(http.Response, Json(conversation));

    private static async Task CreateAsync(HttpContext http, IConversationStore store, TimeProvider clock)
    {
        if (await EndpointBody.ReadAsync(http, static body => ConversationParser.ParseCreate(body)) is not { } request) return;
        var conversation = new StoredConversation(
            ResponseIds.New(ResponseIds.Conversation),
            http.Caller().Owner,
            clock.GetUtcNow().ToUnixTimeSeconds(),
            MetadataBody.ToBytes(request.Metadata));
        await store.AddAsync(conversation, ConversationItemEndpoints.ToStore(request.Items), http.RequestAborted);
        await SendAsync(http, conversation);
    }

    private static async Task ListAsync(HttpContext http, IConversationStore store)
    {
        var query = http.Request.Query;
        if (PageParameters.Read(query, MaxPage, descending: true, out var page) is { } wrongPage)
        {
            await http.RefuseAsync(wrongPage);
            return;
        }

        if (ConversationFilter.Read(query, out var filter) is { } wrongFilter)
        {
            await http.RefuseAsync(wrongFilter);
            return;
        }

        if (await store.ListAsync(http.Caller().Owner, page, filter.Metadata, filter.Search, http.RequestAborted) is not { } found)
        {
            await http.RefuseAsync(PageParameters.UnknownCursor(page));
            return;
        }

        await ErrorResponses.SendAsync(http.Response, ListBody.Of([.. found.Entries.Select(entry => (entry.Id, Json(entry)))], found.HasMore));
    }

    private static async Task GetAsync(HttpContext http, string id, IConversationStore store) =>
        await SendAsync(http, await store.FindAsync(http.Caller().Owner, id, http.RequestAborted));

    private static async Task UpdateAsync(HttpContext http, string id, IConversationStore store)
    {
        if (await MetadataBody.ReadAsync(http) is { } metadata)
            await SendAsync(http, await store.SetMetadataAsync(http.Caller().Owner, id, metadata, http.RequestAborted));
    }

    private static async Task DeleteAsync(HttpContext http, string id, IConversationStore store)
    {
        if (!await store.DeleteAsync(http.Caller().Owner, id, http.RequestAborted))
        {
            await http.RefuseAsync(NotFound);
            return;
        }

        await ErrorResponses.SendAsync(
            http.Response, JsonSerializer.SerializeToUtf8Bytes(new DeletedObject(id, DeletedObject.Conversation), ResponsesJson.Wire.DeletedObject));
    }

    private static ReadOnlyMemory<byte> Json(StoredConversation conversation) => JsonSerializer.SerializeToUtf8Bytes(
        new ConversationObject(conversation.Id, conversation.CreatedAt, MetadataBody.Of(conversation.Metadata)), ResponsesJson.Wire.ConversationObject);
}
