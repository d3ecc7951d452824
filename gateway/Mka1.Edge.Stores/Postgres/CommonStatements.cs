using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Webhooks;
using Npgsql;
using NpgsqlTypes;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>What the beginning and the end of a response both bring along.</summary>
internal static class CommonStatements
{
    public static void Add(
        NpgsqlBatch batch,
        IReadOnlyList<ItemRow> items,
        IEnumerable<ConversationAppend?> appends,
        IEnumerable<WebhookEvent?> webhooks,
        IEnumerable<LedgerEntry?> entries)
    {
        // An id that a text column cannot hold is one that nobody can refer to later.
        var rows = items.Where(i => SqlText.Fits(i.ItemId)).ToList();
        if (rows.Count > 0) batch.BatchCommands.Add(InsertItems(rows));
        // Each append locks its conversation until the commit: every group takes these locks in the same order. OrderBy is stable.
        foreach (var append in appends.OfType<ConversationAppend>().Where(a => a.Items.Count > 0).OrderBy(a => a.ConversationId, StringComparer.Ordinal))
        {
            batch.BatchCommands.Add(ConversationStatements.Append(append));
        }

        foreach (var webhook in webhooks.OfType<WebhookEvent>()) batch.BatchCommands.Add(WebhookStatements.Insert(webhook));
        LedgerEntry[] ledger = [.. entries.OfType<LedgerEntry>()];
        if (ledger.Length > 0) batch.BatchCommands.Add(LedgerStatements.Insert(ledger));
    }

    private static NpgsqlBatchCommand InsertItems(IReadOnlyList<ItemRow> rows) => new(
        """
        INSERT INTO response_item (item_id, response_id, tenant, end_user, stored_at)
        SELECT v.item, v.response, v.tenant, v.end_user, coalesce(v.stored_at, now())
        FROM unnest($1, $2, $3, $4, $5) AS v (item, response, tenant, end_user, stored_at)
        """)
    {
        Parameters =
        {
            SqlArray.Text(rows.Select(r => r.ItemId)),
            SqlArray.Text(rows.Select(r => r.ResponseId)),
            SqlArray.Text(rows.Select(r => r.Owner.TenantId)),
            SqlArray.Text(rows.Select(r => r.Owner.EndUser ?? "")),
            new NpgsqlParameter<DateTime?[]> { TypedValue = rows.Select(r => r.StoredAt).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
        },
    };
}
