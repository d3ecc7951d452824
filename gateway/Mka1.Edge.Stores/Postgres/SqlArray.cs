using Npgsql;
using NpgsqlTypes;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>Array parameters, one a column, for statements that write many rows by <c>unnest</c>.</summary>
internal static class SqlArray
{
    public static NpgsqlParameter Text(IEnumerable<string?> values) => Of(NpgsqlDbType.Text, values.ToArray());

    public static NpgsqlParameter Bytes(IEnumerable<ReadOnlyMemory<byte>> values) => Of(NpgsqlDbType.Bytea, values.Select(v => v.ToArray()).ToArray());

    public static NpgsqlParameter Bytes(IEnumerable<ReadOnlyMemory<byte>?> values) => Of(NpgsqlDbType.Bytea, values.Select(v => v?.ToArray()).ToArray());

    public static NpgsqlParameter Small(IEnumerable<short> values) => Of(NpgsqlDbType.Smallint, values.ToArray());

    public static NpgsqlParameter Whole(IEnumerable<int?> values) => Of(NpgsqlDbType.Integer, values.ToArray());

    public static NpgsqlParameter Big(IEnumerable<long?> values) => Of(NpgsqlDbType.Bigint, values.ToArray());

    public static NpgsqlParameter Flag(IEnumerable<bool> values) => Of(NpgsqlDbType.Boolean, values.ToArray());

    public static NpgsqlParameter Time(IEnumerable<DateTime> values) => Of(NpgsqlDbType.TimestampTz, values.ToArray());

    private static NpgsqlParameter<T[]> Of<T>(NpgsqlDbType element, T[] values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };
}
