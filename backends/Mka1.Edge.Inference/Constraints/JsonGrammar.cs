using System.Text.Json;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>A set of JSON texts a generation can be held to. Immutable: compile once, use in many requests.</summary>
public sealed class JsonGrammar
{
    private JsonGrammar() { }

    /// <summary>Any JSON object.</summary>
    public static JsonGrammar AnyObject => throw new NotSupportedException();

    /// <summary>The JSON values that satisfy a schema, written without white space and with properties in the schema's order.</summary>
    /// <exception cref="UnsupportedSchemaException">The schema uses a keyword outside the supported subset.</exception>
    public static JsonGrammar FromSchema(JsonElement schema) => throw new NotSupportedException();
}
