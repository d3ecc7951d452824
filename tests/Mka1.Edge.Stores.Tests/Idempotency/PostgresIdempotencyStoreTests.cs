using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Idempotency;
using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Tests.Support;
using Npgsql;

namespace Mka1.Edge.Stores.Tests.Idempotency;

public sealed class PostgresIdempotencyStoreTests(PostgresFixture postgres) : IdempotencyStoreBehaviour, IClassFixture<PostgresFixture>
{
    protected override IIdempotencyStore Store { get; } = new PostgresIdempotencyStore(postgres.Database);

    protected override Task PassAsync(Owner owner, TimeSpan time) => postgres.Database.RunAsync(async (connection, token) =>
    {
        await using var command = new NpgsqlCommand("UPDATE idempotency SET created_at = created_at - $2 WHERE tenant = $1", connection)
        {
            Parameters = { new() { Value = owner.TenantId }, new() { Value = time } },
        };
        return await command.ExecuteNonQueryAsync(token);
    });
}
