using System.Text;
using System.Text.Json;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>Pages through the input items of a response, which are stored together.</summary>
internal static class InputItems
{
    /// <summary>Part of the items; null when a cursor names none of them.</summary>
    public static Page<(string Id, ReadOnlyMemory<byte> Json)>? Page(ReadOnlyMemory<byte> array, PageQuery query)
    {
        using var document = JsonDocument.Parse(array);
        var items = document.RootElement.EnumerateArray()
            .Select(item => (Id: item.GetProperty("id"u8).GetString() ?? "", Json: (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(item.GetRawText())))
            .ToList();
        if (query.Descending) items.Reverse();

        var from = 0;
        if (query.After is { } after && (from = items.FindIndex(item => item.Id == after) + 1) == 0) return null;
        var to = items.Count;
        if (query.Before is { } before && (to = items.FindIndex(item => item.Id == before)) < 0) return null;
        var part = items[from..Math.Max(from, to)];
        return new Page<(string, ReadOnlyMemory<byte>)>([.. part.Take(query.Limit)], part.Count > query.Limit);
    }
}
