namespace Mka1.Edge.Inference.Constraints;

/// <summary>A JSON Schema that uses something the guide cannot enforce, or that nothing satisfies.</summary>
public sealed class UnsupportedSchemaException : Exception
{
    public UnsupportedSchemaException(string keywordPath, string problem)
        : base($"{keywordPath}: {problem}") => KeywordPath = keywordPath;

    /// <summary>Where in the schema, as a JSON pointer such as <c>#/properties/city/pattern</c>.</summary>
    public string KeywordPath { get; }
}
