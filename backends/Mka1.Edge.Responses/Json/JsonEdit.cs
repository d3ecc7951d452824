namespace Mka1.Edge.Responses;

/// <summary>One change of a top-level member: a new value as raw JSON, or null to remove it.</summary>
public readonly record struct JsonEdit(string Name, ReadOnlyMemory<byte>? Value)
{
    public static JsonEdit Set(string name, ReadOnlyMemory<byte> rawJson) => new(name, rawJson);

    public static JsonEdit Remove(string name) => new(name, null);
}
