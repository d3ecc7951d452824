using Mka1.Edge.Policies.Identity;
using Npgsql;

namespace Mka1.Edge.Stores.Responses;

/// <summary>How a response stands in its table.</summary>
internal static class ResponseRow
{
    /// <summary>What <see cref="Read"/> reads, of a table called <c>r</c>.</summary>
    public const string Columns =
        """
        r.id, r.tenant, r.end_user, r.status, r.background, r.created_at, r.stored_at, r.previous_response_id, r.conversation_id,
        r.input, r.body, r.metadata, r.terminal_sequence
        """;

    /// <summary>How many columns these are.</summary>
    public const int Count = 13;

    public static StoredResponse Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Owner = new Owner(row.GetString(1), row.GetString(2) is { Length: > 0 } endUser ? endUser : null),
        Status = (StoredStatus)row.GetInt16(3),
        Background = row.GetBoolean(4),
        CreatedAt = row.GetInt64(5),
        StoredAt = new DateTimeOffset(row.GetDateTime(6)),
        PreviousResponseId = row.IsDBNull(7) ? null : row.GetString(7),
        ConversationId = row.IsDBNull(8) ? null : row.GetString(8),
        Input = row.GetFieldValue<byte[]>(9),
        Body = row.GetFieldValue<byte[]>(10),
        Metadata = Bytes(row, 11),
        TerminalSequence = row.IsDBNull(12) ? null : row.GetInt64(12),
    };

    /// <summary>Not a plain conditional: a null array converts to bytes that are there and empty.</summary>
    public static ReadOnlyMemory<byte>? Bytes(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? (ReadOnlyMemory<byte>?)null : row.GetFieldValue<byte[]>(column);

    public static async Task<List<StoredResponse>> ReadAllAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var responses = new List<StoredResponse>();
        while (await rows.ReadAsync(cancellation)) responses.Add(Read(rows));
        return responses;
    }
}
