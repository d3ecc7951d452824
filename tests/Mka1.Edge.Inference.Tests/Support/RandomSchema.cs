using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mka1.Edge.Inference.Tests.Support;

/// <summary>Draws schemas from the supported subset.</summary>
internal sealed class RandomSchema(int seed)
{
    private static readonly string[] Names = ["a", "name", "the \"x\"", "سن", "a/b~c", "emoji🙂", "\n"];

    private readonly Random _random = new(seed);

    public JsonElement Next()
    {
        var schema = Draw(3);
        schema["$defs"] = new JsonObject
        {
            ["leaf"] = Draw(0),
            ["tree"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["value"] = new JsonObject { ["$ref"] = "#/$defs/leaf" },
                    ["children"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["$ref"] = "#/$defs/tree" } },
                },
                ["required"] = new JsonArray("value"),
                ["additionalProperties"] = false,
            },
        };
        return JsonSerializer.SerializeToElement(schema);
    }

    private JsonObject Draw(int depth)
    {
        var kind = _random.Next(depth > 0 ? 14 : 7);
        return kind switch
        {
            0 => String(),
            1 => new JsonObject { ["type"] = "integer", ["description"] = "d" },
            2 => new JsonObject { ["type"] = "number" },
            3 => new JsonObject { ["type"] = "boolean" },
            4 => new JsonObject { ["enum"] = new JsonArray("x", "xy", "\"", 1, 12, null, new JsonObject { ["k"] = 1.5 }) },
            5 => new JsonObject { ["const"] = "ثابت\t" },
            6 => new JsonObject { ["type"] = new JsonArray("string", "null") },
            7 or 8 or 9 => Object(depth),
            10 => Array(depth),
            11 => new JsonObject { ["anyOf"] = new JsonArray(Draw(depth - 1), Draw(depth - 1), new JsonObject { ["type"] = "null" }) },
            12 => new JsonObject { ["type"] = "object", ["additionalProperties"] = _random.Next(2) == 0 ? JsonValue.Create(true) : Draw(depth - 1) },
            _ => depth == 3 ? Object(depth) : new JsonObject { ["$ref"] = "#/$defs/tree" },
        };
    }

    private JsonObject String()
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (_random.Next(2) == 0)
            schema["minLength"] = _random.Next(4);
        if (_random.Next(2) == 0)
            schema["maxLength"] = 3 + _random.Next(4);
        return schema;
    }

    private JsonObject Object(int depth)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var name in Names.Where(_ => _random.Next(2) == 0))
        {
            properties[name] = Draw(depth - 1);
            if (_random.Next(2) == 0)
                required.Add(name);
        }
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required };
        if (_random.Next(2) == 0)
            schema["additionalProperties"] = false;
        return schema;
    }

    private JsonObject Array(int depth)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = Draw(depth - 1) };
        if (_random.Next(2) == 0)
            schema["minItems"] = _random.Next(3);
        if (_random.Next(2) == 0)
            schema["maxItems"] = 2 + _random.Next(3);
        return schema;
    }
}
