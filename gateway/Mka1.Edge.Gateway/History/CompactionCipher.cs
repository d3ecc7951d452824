using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.State;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.History;

/// <summary>
/// Seals items into a compaction item, which clients carry and only this gateway can read. It opens for the tenant it was made
/// for and for nobody else.
/// </summary>
internal sealed class CompactionCipher(Protector protector)
{
    private const string Purpose = "compaction";

    /// <summary>The compaction item.</summary>
    /// <param name="tenantId">Whose it is.</param>
    /// <param name="id">The item's id.</param>
    /// <param name="items">JSON array of the items it stands for.</param>
    public byte[] Seal(string tenantId, string id, ReadOnlySpan<byte> items)
    {
        var content = Convert.ToBase64String(protector.Protect(Purpose, items, Encoding.UTF8.GetBytes(tenantId)));
        return JsonSerializer.SerializeToUtf8Bytes(new CompactionItem { Id = id, EncryptedContent = content }, ResponsesJson.Wire.CompactionItem);
    }

    /// <summary>The items that a compaction item stands for; null when it is not one of ours for this tenant.</summary>
    public IReadOnlyList<ContextItem>? Open(string tenantId, CompactionItem item)
    {
        var text = item.EncryptedContent.Value;
        var sealedBytes = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(text, sealedBytes, out var length)
            && protector.TryUnprotect(Purpose, sealedBytes.AsSpan(0, length), Encoding.UTF8.GetBytes(tenantId), out var plain)
            ? [.. ContextItem.OfArray(plain)]
            : null;
    }
}
