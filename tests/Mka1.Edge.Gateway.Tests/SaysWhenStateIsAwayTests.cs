using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Paging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a store that cannot be reached is a 503 that says when to come back, never a 500 and never a 404.</summary>
public sealed class SaysWhenStateIsAwayTests
{
    [Theory]
    [InlineData("GET", "/conversations/conv_1", null)]
    [InlineData("GET", "/conversations", null)]
    [InlineData("POST", "/conversations", "{}")]
    [InlineData("DELETE", "/conversations/conv_1/items/x", null)]
    public async Task A_store_out_of_reach_is_503_with_Retry_After(string method, string path, string? body)
    {
        await using var gateway = await GatewayFixture.StartAsync(
            config => config, services: services => services.AddSingleton<IConversationStore, GoneStore>());
        using var answer = await new ApiClient(gateway, TestKeys.Acme).SendAsync(method, path, body);
        await answer.AssertRefusedAsync(503, "store_unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
        var line = await gateway.Log.WaitForAsync(l => l.EventId == 1002);
        Assert.Equal((LogLevel.Warning, "postgres"), (line.Level, line.Values["Store"]));
        Assert.DoesNotContain(gateway.Log.Lines, l => l.EventId == 1001);
    }

    private sealed class GoneStore : IConversationStore
    {
        private static StoreUnavailableException Gone => new("postgres");

        public ValueTask AddAsync(StoredConversation conversation, IReadOnlyList<ConversationItem> items, CancellationToken cancellation) => throw Gone;

        public ValueTask<StoredConversation?> FindAsync(Owner owner, string id, CancellationToken cancellation) => throw Gone;

        public ValueTask<Page<StoredConversation>?> ListAsync(
            Owner owner, PageQuery query, IReadOnlyDictionary<string, string>? metadata, string? search, CancellationToken cancellation) => throw Gone;

        public ValueTask<StoredConversation?> SetMetadataAsync(Owner owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellation) => throw Gone;

        public ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation) => throw Gone;

        public ValueTask<bool> AppendAsync(Owner owner, ConversationAppend append, CancellationToken cancellation) => throw Gone;

        public ValueTask<Page<ConversationItem>?> ListItemsAsync(Owner owner, string id, PageQuery query, CancellationToken cancellation) => throw Gone;

        public ValueTask<ConversationItem?> FindItemAsync(Owner owner, string id, string itemId, CancellationToken cancellation) => throw Gone;

        public ValueTask<IReadOnlyList<ConversationItem>> FindItemsAsync(Owner owner, IReadOnlyCollection<string> itemIds, CancellationToken cancellation) => throw Gone;

        public ValueTask<StoredConversation?> DeleteItemsAsync(
            Owner owner, string id, IReadOnlyCollection<string> itemIds, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? metadata, CancellationToken cancellation) => throw Gone;
    }
}
