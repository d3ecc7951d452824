using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>A row to write into <c>response_item</c>.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="ResponseId">The response that holds it.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="StoredAt">When the response was stored; null for now.</param>
internal sealed record ItemRow(string ItemId, string ResponseId, Owner Owner, DateTime? StoredAt);
