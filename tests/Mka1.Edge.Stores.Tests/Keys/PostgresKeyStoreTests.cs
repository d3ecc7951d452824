using Mka1.Edge.Stores.Keys;
using Mka1.Edge.Stores.Tests.Support;
using Npgsql;

namespace Mka1.Edge.Stores.Tests.Keys;

public sealed class PostgresKeyStoreTests(PostgresFixture postgres) : KeyStoreBehaviour, IClassFixture<PostgresFixture>, IAsyncDisposable
{
    private readonly PostgresKeyStore _store = new(postgres.Database);

    protected override IKeyStore Store => _store;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_change_that_is_committed_late_is_not_passed_over()
    {
        var tenant = NewTenant();
        await CreateAsync(tenant, "k");
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var late = await connection.BeginTransactionAsync();
        await using (var revoke = new NpgsqlCommand(
            "UPDATE api_key SET revoked_at = now(), version = greatest(version + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) WHERE tenant = $1", connection))
        {
            revoke.Parameters.Add(new() { Value = tenant });
            await revoke.ExecuteNonQueryAsync();
        }

        // Another key's later change is read before the earlier one is there to be seen.
        await CreateAsync(tenant, "later");
        var until = (await Store.ReadAsync(null)).Until;
        await late.CommitAsync();
        var changed = (await Store.ReadAsync(until)).Keys.Single(key => key.TenantId == tenant && key.Id == "k");
        Assert.NotNull(changed.RevokedAt);
    }
}
