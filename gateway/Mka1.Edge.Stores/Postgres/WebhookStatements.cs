using Mka1.Edge.Stores.Webhooks;
using Npgsql;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>Statements that several stores put into their transactions.</summary>
internal static class WebhookStatements
{
    /// <summary>Notes a notification that is to be delivered once this transaction is committed.</summary>
    public static NpgsqlBatchCommand Insert(WebhookEvent e) => new(
        """
        INSERT INTO webhook_delivery (id, response_id, tenant, end_user, url, receiver, secret, type, payload)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING
        """)
    {
        Parameters =
        {
            new() { Value = e.Id },
            new() { Value = e.ResponseId },
            new() { Value = e.Owner.TenantId },
            new() { Value = e.Owner.EndUser ?? "" },
            new() { Value = e.Target.Url },
            new() { Value = e.Target.Receiver },
            new NpgsqlParameter<byte[]?> { TypedValue = e.Target.Secret?.ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea },
            new() { Value = e.Type },
            new() { Value = e.Payload.ToArray() },
        },
    };
}
