using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Ledger;
using Npgsql;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>Statements that several stores put into their transactions.</summary>
internal static class LedgerStatements
{
    /// <summary>Writes rows; a run that has its row already gets no second one.</summary>
    public static NpgsqlBatchCommand Insert(IReadOnlyList<LedgerEntry> entries) => new(
        """
        INSERT INTO ledger (response_id, tenant, end_user, key_id, model, created_at, input_tokens, output_tokens, estimated, cost_nano)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (response_id) DO NOTHING
        """)
    {
        Parameters =
        {
            new() { Value = entries.Select(e => e.ResponseId).ToArray() },
            new() { Value = entries.Select(e => e.Owner.TenantId).ToArray() },
            new() { Value = entries.Select(e => e.Owner.EndUser ?? "").ToArray() },
            new() { Value = entries.Select(e => e.KeyId).ToArray() },
            new() { Value = entries.Select(e => e.Model).ToArray() },
            new() { Value = entries.Select(e => e.CreatedAt.UtcDateTime).ToArray() },
            new() { Value = entries.Select(e => e.InputTokens).ToArray() },
            new() { Value = entries.Select(e => e.OutputTokens).ToArray() },
            new() { Value = entries.Select(e => e.Estimated).ToArray() },
            new() { Value = entries.Select(e => e.CostNano).ToArray() },
        },
    };

    /// <summary>One row, its columns in the order of <see cref="Insert"/>'s.</summary>
    public static LedgerEntry Read(NpgsqlDataReader row) => new(
        row.GetString(0),
        new Owner(row.GetString(1), row.GetString(2) is { Length: > 0 } endUser ? endUser : null),
        row.GetString(3),
        row.GetString(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.GetInt64(6),
        row.GetInt64(7),
        row.GetBoolean(8),
        row.GetInt64(9));
}
