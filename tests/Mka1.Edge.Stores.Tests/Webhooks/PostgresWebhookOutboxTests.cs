using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Tests.Support;
using Mka1.Edge.Stores.Webhooks;
using Npgsql;

namespace Mka1.Edge.Stores.Tests.Webhooks;

public sealed class PostgresWebhookOutboxTests(PostgresFixture postgres) : WebhookOutboxBehaviour, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    protected override IWebhookOutbox Outbox { get; } = new PostgresWebhookOutbox(postgres.Database);

    /// <summary>What one test leaves due, the next would claim.</summary>
    public Task InitializeAsync() => ExecuteAsync(new NpgsqlBatchCommand("TRUNCATE webhook_delivery CASCADE"));

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_claim_along_the_index_reads_no_long_queue_of_one_receiver()
    {
        await ExecuteAsync(new NpgsqlBatchCommand(
            """
            INSERT INTO webhook_delivery (id, response_id, tenant, end_user, url, receiver, type, payload)
            SELECT 'evt_' || n, 'resp_1', 'tenant', '', 'https://dead.example/', 'https://dead.example', 'response.completed', ''
            FROM generate_series(1, 50000) n
            """));
        await ExecuteAsync(new NpgsqlBatchCommand("ANALYZE webhook_delivery"));
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(2, (await Outbox.ClaimDueAsync(16, 2, TimeSpan.FromSeconds(30))).Count);
        for (var i = 0; i < 50; i++) Assert.Empty(await Outbox.ClaimDueAsync(16, 2, TimeSpan.FromSeconds(30)));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 5);
    }

    protected override Task EnqueueAsync(WebhookEvent e) => ExecuteAsync(WebhookStatements.Insert(e));

    protected override Task PassAsync(TimeSpan time) => ExecuteAsync(new NpgsqlBatchCommand(
        """
        UPDATE webhook_delivery
        SET created_at = created_at - $1, next_attempt_at = next_attempt_at - $1, claimed_until = claimed_until - $1
        """)
    {
        Parameters = { new() { Value = time } },
    });

    private Task<int> ExecuteAsync(NpgsqlBatchCommand command) => postgres.Database.RunAsync(async (connection, token) =>
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        return await batch.ExecuteNonQueryAsync(token);
    });
}
