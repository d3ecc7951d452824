using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// The member names of one kind of object. A key that differs from one of them only in case is refused: a
/// case-insensitive parser behind us would read another request than the one authorised here.
/// </summary>
internal sealed class KnownNames(params string[] names)
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_"u8);

    private readonly FrozenSet<string> _names = names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public void Check(JsonElement owner, FaultLog faults)
    {
        foreach (var property in owner.EnumerateObject())
        {
            // Every known name is lower case, so a plain lower-case key can only be the name itself or another one.
            if (JsonMarshal.GetRawUtf8PropertyName(property).IndexOfAnyExcept(Plain) < 0)
                continue;
            var name = property.Name;
            if (_names.TryGetValue(name, out var known) && known != name)
                faults.AddName(property, ErrorCode.InvalidJson, $"differs from '{known}' only in case; write it in lower case");
        }
    }
}
