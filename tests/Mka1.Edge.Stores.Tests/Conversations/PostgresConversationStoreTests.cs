using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Conversations;

public sealed class PostgresConversationStoreTests(PostgresFixture postgres) : ConversationStoreBehaviour, IClassFixture<PostgresFixture>
{
    protected override IConversationStore Store { get; } = new PostgresConversationStore(postgres.Database);

    [Fact]
    public async Task A_store_that_cannot_be_reached_says_so()
    {
        await using var gone = new PostgresDatabase("Host=127.0.0.1;Port=1;Username=x;Database=x", TimeSpan.FromSeconds(1));
        var store = new PostgresConversationStore(gone);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.FindAsync(NewOwner(), NewId()));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.AddAsync(NewConversation(NewOwner()), []));
    }
}
