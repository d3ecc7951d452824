using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.History;

/// <summary>One item of what a model gets as its input.</summary>
/// <param name="Item">The item, parsed.</param>
/// <param name="Json">The bytes that go to the model.</param>
internal readonly record struct ContextItem(ResponseItem Item, ReadOnlyMemory<byte> Json)
{
    /// <summary>An item that is stored: whatever it is, it is taken as it is.</summary>
    public static ContextItem Of(ReadOnlyMemory<byte> json) => new(JsonSerializer.Deserialize(json.Span, ResponsesJson.Wire.ResponseItem)!, json);

    /// <summary>The items of a JSON array; none of any other value.</summary>
    public static IEnumerable<ContextItem> OfArray(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var item in OfArray(document.RootElement)) yield return item;
    }

    /// <summary>The output of a response object.</summary>
    public static IEnumerable<ContextItem> OfOutput(ReadOnlyMemory<byte> response)
    {
        using var document = JsonDocument.Parse(response);
        if (!document.RootElement.TryGetProperty("output"u8, out var output)) yield break;
        foreach (var item in OfArray(output)) yield return item;
    }

    /// <summary>The items as one JSON array.</summary>
    public static byte[] ToArray(IReadOnlyCollection<ContextItem> items)
    {
        var output = new ArrayBufferWriter<byte>(items.Sum(item => item.Json.Length + 1) + 2);
        output.Write("["u8);
        var first = true;
        foreach (var item in items)
        {
            if (!first) output.Write(","u8);
            output.Write(item.Json.Span);
            first = false;
        }

        output.Write("]"u8);
        return output.WrittenSpan.ToArray();
    }

    private static IEnumerable<ContextItem> OfArray(JsonElement array) => array.ValueKind == JsonValueKind.Array
        ? array.EnumerateArray().Select(element => Of(JsonMarshal.GetRawUtf8Value(element).ToArray()))
        : [];
}
