using Dapper;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Responses;

/// <summary>The stores in a database of their own, for one test class.</summary>
public sealed class PostgresStores : IStoresUnderTest, IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();

    public PostgresDatabase Database => _postgres.Database;

    public PostgresResponseStore PostgresResponses { get; private set; } = null!;

    public PostgresRunStore PostgresRuns { get; private set; } = null!;

    public IResponseStore Responses => PostgresResponses;

    public IRunStore Runs => PostgresRuns;

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        PostgresResponses = new PostgresResponseStore(Database, TimeProvider.System);
        PostgresRuns = new PostgresRunStore(Database, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await PostgresResponses.DisposeAsync();
        await PostgresRuns.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    public Task AddConversationAsync(Owner owner, string conversationId) => SqlAsync(
        "INSERT INTO conversation (id, tenant, end_user, created_at, metadata, metadata_pairs) VALUES (@conversationId, @tenant, @endUser, 0, ''::bytea, '{}') RETURNING id",
        new { conversationId, tenant = owner.TenantId, endUser = owner.EndUser ?? "" });

    public async Task<Effects> EffectsAsync(string responseId, string conversationId) => new(
        await SqlAsync("SELECT item_id FROM conversation_item WHERE conversation_id = @conversationId ORDER BY position", new { conversationId }),
        await SqlAsync("SELECT id FROM webhook_delivery WHERE response_id = @responseId", new { responseId }),
        (await SqlAsync("SELECT response_id FROM ledger WHERE response_id = @responseId", new { responseId })).Count);

    /// <summary>The first column of what a statement returns.</summary>
    public Task<List<string>> SqlAsync(string sql, object? values = null) => Database.RunAsync(
        async (connection, _) => (await connection.QueryAsync<string>(sql, values)).ToList());
}
