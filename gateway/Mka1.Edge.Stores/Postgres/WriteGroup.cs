using Npgsql;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>Writes a group of operations in the connection's transaction.</summary>
/// <returns>One result for each operation, in their order.</returns>
internal delegate Task<IReadOnlyList<TResult>> WriteGroup<TOperation, TResult>(
    NpgsqlConnection connection, IReadOnlyList<TOperation> operations, CancellationToken cancellation);
