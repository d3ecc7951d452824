using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Replaces values anywhere in a JSON text and leaves every other byte as it was.</summary>
/// <param name="json">The text that the elements point into.</param>
internal sealed class JsonPatch(ReadOnlyMemory<byte> json)
{
    private readonly List<(int Start, int Length, ReadOnlyMemory<byte> Value)> _changes = [];

    /// <summary>Changes members of one object. Objects must come in document order, and none inside another.</summary>
    public void Edit(JsonElement owner, params ReadOnlySpan<JsonEdit> edits)
    {
        var raw = JsonMarshal.GetRawUtf8Value(owner);
        if (!json.Span.Overlaps(raw, out var start)) throw new ArgumentException("The element is not part of the text.", nameof(owner));
        _changes.Add((start, raw.Length, JsonSplice.Apply(raw, edits)));
    }

    /// <summary>The text with the changes; the same memory when there are none.</summary>
    public ReadOnlyMemory<byte> Apply()
    {
        if (_changes.Count == 0) return json;
        var output = new ArrayBufferWriter<byte>(json.Length);
        var end = 0;
        foreach (var (start, length, value) in _changes)
        {
            output.Write(json.Span[end..start]);
            output.Write(value.Span);
            end = start + length;
        }

        output.Write(json.Span[end..]);
        return output.WrittenMemory;
    }
}
