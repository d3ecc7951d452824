using System.Text.Json;

namespace Mka1.Edge.Inference.Tests.Support;

/// <summary>A plain validator of the JSON Schema keywords the tests use, written apart from the guide it checks.</summary>
internal static class SchemaChecker
{
    public static bool IsValid(JsonElement value, JsonElement schema) => IsValid(value, schema, schema);

    private static bool IsValid(JsonElement value, JsonElement schema, JsonElement root)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return schema.ValueKind == JsonValueKind.True;
        foreach (var keyword in schema.EnumerateObject())
        {
            var ok = keyword.Name switch
            {
                "$ref" => IsValid(value, Resolve(root, keyword.Value.GetString()!), root),
                "anyOf" => keyword.Value.EnumerateArray().Any(option => IsValid(value, option, root)),
                "const" => JsonElement.DeepEquals(value, keyword.Value),
                "enum" => keyword.Value.EnumerateArray().Any(option => JsonElement.DeepEquals(value, option)),
                "type" => keyword.Value.ValueKind == JsonValueKind.Array
                    ? keyword.Value.EnumerateArray().Any(type => IsOfType(value, type.GetString()!))
                    : IsOfType(value, keyword.Value.GetString()!),
                "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.EnumerateRunes().Count() >= keyword.Value.GetInt32(),
                "maxLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.EnumerateRunes().Count() <= keyword.Value.GetInt32(),
                "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= keyword.Value.GetInt32(),
                "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= keyword.Value.GetInt32(),
                "items" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().All(item => IsValid(item, keyword.Value, root)),
                "required" => value.ValueKind != JsonValueKind.Object || keyword.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
                "properties" => value.ValueKind != JsonValueKind.Object || keyword.Value.EnumerateObject().All(property => !value.TryGetProperty(property.Name, out var member) || IsValid(member, property.Value, root)),
                "additionalProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(member => IsDeclared(schema, member.Name) || IsValid(member.Value, keyword.Value, root)),
                _ => true,
            };
            if (!ok)
                return false;
        }
        return true;
    }

    private static bool IsDeclared(JsonElement schema, string name) => schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()),
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => false,
    };

    private static JsonElement Resolve(JsonElement root, string pointer) => pointer.Split('/').Skip(1).Aggregate(root, (at, name) => at.GetProperty(name));
}
