using System.Text.Json;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>The keywords of JSON Schema that are understood, and those that say nothing about validity.</summary>
internal static class SchemaKeywords
{
    /// <summary>Descriptive, or definitions that only count where <c>$ref</c> points at them. <c>format</c> may stand anywhere; some are enforced.</summary>
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "format",
        "deprecated", "readOnly", "writeOnly",
    };

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "$ref", "anyOf", "type", "enum", "const", "properties", "required", "additionalProperties", "items", "minItems",
        "maxItems", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    };

    /// <summary>Refuses a schema with a keyword that is not understood.</summary>
    public static void Check(JsonElement schema, string path)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Ignored.Contains(keyword.Name) && !Known.Contains(keyword.Name))
                throw new UnsupportedSchemaException($"{path}/{keyword.Name}", "this keyword is not supported.");
        }
    }

    /// <summary>Refuses a keyword that is combined with others than those named, annotations aside.</summary>
    public static void CheckAlone(JsonElement schema, string path, params string[] allowed)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Ignored.Contains(keyword.Name) && !allowed.Contains(keyword.Name))
                throw new UnsupportedSchemaException($"{path}/{keyword.Name}", $"this keyword cannot be combined with '{allowed[0]}'.");
        }
    }
}
