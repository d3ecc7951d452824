using System.Text.Json;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Runs;

/// <summary>A run's delegated key as its row holds it.</summary>
internal static class DelegationJson
{
    public static byte[] ToBytes(Delegation delegation) => JsonSerializer.SerializeToUtf8Bytes(
        new Row(delegation.Id, delegation.EndUser, [.. delegation.Models.Order(StringComparer.Ordinal)], delegation.TokenBudget, delegation.ExpiresAt));

    public static Delegation Of(ReadOnlySpan<byte> bytes)
    {
        var row = JsonSerializer.Deserialize<Row>(bytes)!;
        return new Delegation(row.Id, row.EndUser, row.Models.ToHashSet(StringComparer.Ordinal), row.TokenBudget, row.ExpiresAt);
    }

    private sealed record Row(string Id, string EndUser, string[] Models, long? TokenBudget, DateTimeOffset ExpiresAt);
}
