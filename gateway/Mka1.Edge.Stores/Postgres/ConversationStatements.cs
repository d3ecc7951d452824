using Mka1.Edge.Stores.Conversations;
using Npgsql;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>Statements that several stores put into their transactions.</summary>
internal static class ConversationStatements
{
    /// <summary>
    /// Appends items behind all that are there. The conversation's row is locked until the commit, so that two appends come one
    /// after the other, whole. Passes over items whose id is there already. Touches no row when the conversation is not there.
    /// </summary>
    public static NpgsqlBatchCommand Append(ConversationAppend append) => new(
        """
        WITH place AS (
            UPDATE conversation SET next_position = next_position + $2, updated_at = clock_timestamp()
            WHERE id = $1 AND deleted_at IS NULL
            RETURNING next_position - $2 AS first)
        INSERT INTO conversation_item (conversation_id, position, item_id, response_id, body, search_text)
        SELECT $1, place.first + item.number - 1, item.id, $3, item.body, item.words
        FROM place, unnest($4, $5, $6) WITH ORDINALITY AS item (id, body, words, number)
        ON CONFLICT (item_id, conversation_id) DO NOTHING
        """)
    {
        Parameters =
        {
            new() { Value = append.ConversationId },
            new() { Value = (long)append.Items.Count },
            new NpgsqlParameter<string?> { TypedValue = append.ResponseId, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
            new() { Value = append.Items.Select(i => i.Id).ToArray() },
            new() { Value = append.Items.Select(i => i.Body.ToArray()).ToArray() },
            new() { Value = append.Items.Select(i => SearchWords.Normalize(i.SearchText)).ToArray() },
        },
    };
}
