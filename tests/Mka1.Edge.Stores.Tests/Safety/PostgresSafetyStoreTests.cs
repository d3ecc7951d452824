using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Safety;
using Mka1.Edge.Stores.Tests.Support;
using Mka1.Edge.Stores.Webhooks;
using Npgsql;

namespace Mka1.Edge.Stores.Tests.Safety;

public sealed class PostgresSafetyStoreTests(PostgresFixture postgres) : SafetyStoreBehaviour, IClassFixture<PostgresFixture>
{
    protected override ISafetyStore Store { get; } = new PostgresSafetyStore(postgres.Database);

    [Theory]
    [InlineData("UPDATE safety_audit SET reason = 'nothing' WHERE tenant = $1")]
    [InlineData("DELETE FROM safety_audit WHERE tenant = $1")]
    [InlineData("TRUNCATE safety_audit")]
    public async Task The_audit_lets_nothing_be_changed(string sql)
    {
        await FillAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql));
        Assert.Contains("lets none be changed", refused.MessageText, StringComparison.Ordinal);
        Assert.Null((await Store.VerifyAsync(Tenant)).Fault);
    }

    [Theory]
    [InlineData("UPDATE safety_audit SET reason = 'nothing' WHERE tenant = $1 AND seq = 3", 3)]
    [InlineData("UPDATE safety_audit SET actor = 'key:other' WHERE tenant = $1 AND seq = 3", 3)]
    [InlineData("UPDATE safety_audit SET at = at + interval '1 microsecond' WHERE tenant = $1 AND seq = 1", 1)]
    [InlineData("UPDATE safety_audit SET kind = 'step' WHERE tenant = $1 AND seq = 3", 3)]
    [InlineData("UPDATE safety_audit SET subject = 'subj_00000000000000000000000000000009' WHERE tenant = $1 AND seq = 3", 3)]
    [InlineData("UPDATE safety_audit SET subject = '' WHERE tenant = $1 AND seq = 3", 3)]
    [InlineData("UPDATE safety_audit SET from_rung = 4 WHERE tenant = $1 AND seq = 3", 3)]
    [InlineData("UPDATE safety_audit SET to_rung = 4 WHERE tenant = $1 AND seq = 3", 3)]
    [InlineData("UPDATE safety_audit SET score = score + 0.001 WHERE tenant = $1 AND seq = 3", 3)]
    [InlineData("UPDATE safety_audit SET hash = sha256('x') WHERE tenant = $1 AND seq = 3", 3)]
    [InlineData("UPDATE safety_audit SET prev_hash = sha256('x') WHERE tenant = $1 AND seq = 3", 3)]
    [InlineData("DELETE FROM safety_audit WHERE tenant = $1 AND seq = 1", 1)]
    [InlineData("DELETE FROM safety_audit WHERE tenant = $1 AND seq = 3", 3)]
    [InlineData("DELETE FROM safety_audit WHERE tenant = $1 AND seq = 5", 5)]
    [InlineData("DELETE FROM safety_audit WHERE tenant = $1", 1)]
    [InlineData("UPDATE safety_audit_head SET hash = sha256('x') WHERE tenant = $1", 5)]
    public async Task Who_may_do_anything_to_the_database_is_found_out(string sql, long seq)
    {
        await FillAsync();
        await ExecuteAsync("SET session_replication_role = replica", sql, "SET session_replication_role = origin");
        var verdict = await Store.VerifyAsync(Tenant);
        Assert.NotNull(verdict.Fault);
        Assert.Equal((seq, seq - 1), (verdict.BrokenSeq, verdict.Entries));
    }

    [Fact]
    public async Task What_is_appended_while_the_chain_is_walked_does_not_disturb_the_walk()
    {
        var appending = Task.Run(FillAsync);
        while (!appending.IsCompleted) Assert.Null((await Store.VerifyAsync(Tenant)).Fault);
        await appending;
        Assert.Equal(5, (await Store.VerifyAsync(Tenant)).Entries);
    }

    protected override async ValueTask<IReadOnlyList<WebhookDelivery>> OutboxAsync(Owner owner, string subjectId) =>
        await new PostgresWebhookOutbox(postgres.Database).ListAsync(owner, subjectId);

    private async Task FillAsync()
    {
        for (var i = 1; i <= 5; i++) await OrderAsync(new SafetyOrder.Mark(Tenant, new SafetySubject(1), 1, "cli", $"{i}"), Start);
    }

    private Task<int> ExecuteAsync(params string[] statements) => postgres.Database.RunAsync(async (connection, token) =>
    {
        var rows = 0;
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            if (sql.Contains("$1", StringComparison.Ordinal)) command.Parameters.Add(new() { Value = Tenant });
            rows += await command.ExecuteNonQueryAsync(token);
        }

        return rows;
    });
}
