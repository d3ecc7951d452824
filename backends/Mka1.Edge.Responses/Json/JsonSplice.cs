namespace Mka1.Edge.Responses;

/// <summary>Changes top-level members of a JSON object and leaves every other byte as it was.</summary>
public static class JsonSplice
{
    /// <summary>Applies the edits. A member that is not there yet is added at the end.</summary>
    /// <exception cref="ArgumentException">The bytes are not one JSON object: validate them first.</exception>
    public static byte[] Apply(ReadOnlySpan<byte> json, params ReadOnlySpan<JsonEdit> edits) => throw new NotSupportedException();
}
