using Mka1.Edge.Stores.Ledger;
using Npgsql;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>Statements that several stores put into their transactions.</summary>
internal static class LedgerStatements
{
    /// <summary>Writes rows; a run that has its row already gets no second one.</summary>
    public static NpgsqlBatchCommand Insert(IReadOnlyList<LedgerEntry> entries) => new(
        """
        INSERT INTO ledger (response_id, tenant, end_user, key_id, model, created_at, input_tokens, output_tokens, estimated)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (response_id) DO NOTHING
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
        },
    };
}
