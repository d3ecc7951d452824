using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mka1.Edge.Inference.Constraints;

namespace Mka1.Edge.Inference.Tests.Support;

/// <summary>Draws schemas from the supported subset.</summary>
internal sealed class RandomSchema(int seed)
{
    // With patterns whose strings must be escaped, are of one length, are without end, or hold letters of several bytes.
    private static readonly string[] Patterns =
    [
        "^[a-z]{2,5}$", @"^\d{3}-\d{2}$", "ab+", "^(red|green|سبز)$", @"^[""\\]+x$", @"^\S+@\w+\.(com|org)$", "^.{1,4}$", @"^[^a-z]*$", "é$", @"^\p{Lu}\p{L}*$", "(foo|bar)?baz", @"^\n?-?$", "^🙂{1,3}$", "",
        "^(a|b)*abb$", @"^#[0-9a-fA-F]{6}$", @"^\s*\w",
    ];

    private static readonly string[] Formats = ["date", "time", "date-time", "email", "uuid", "ipv4", "hostname"];

    private static readonly string[] Names = ["a", "name", "the \"x\"", "سن", "a/b~c", "emoji🙂", "\n"];

    private readonly Random _random = new(seed);

    /// <summary>The schema of a seed and its grammar; false when nothing satisfies it within the length, as random bounds will have it.</summary>
    public static bool TryCompile(int seed, int maxBytes, out JsonElement schema, [NotNullWhen(true)] out JsonGrammar? grammar)
    {
        schema = new RandomSchema(seed).Next();
        try
        {
            grammar = JsonGrammar.FromSchema(schema, maxBytes);
            return true;
        }
        catch (UnsupportedSchemaException e) when (e.Message.Contains("nothing matches", StringComparison.Ordinal) || e.Message.Contains("are generated", StringComparison.Ordinal))
        {
            grammar = null;
            return false;
        }
    }

    public JsonElement Next()
    {
        var schema = Draw(3);
        schema["$defs"] = new JsonObject
        {
            ["leaf"] = Draw(0),
            ["either"] = new JsonObject { ["anyOf"] = new JsonArray(Draw(0), new JsonObject { ["anyOf"] = new JsonArray(Draw(0), new JsonObject { ["$ref"] = "#/$defs/tree" }) }) },
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
        var kind = _random.Next(depth > 0 ? 19 : 11);
        return kind switch
        {
            0 => String(),
            1 => new JsonObject { ["type"] = "integer", ["description"] = "d" },
            2 => new JsonObject { ["type"] = "number" },
            3 => new JsonObject { ["type"] = "boolean" },
            4 => new JsonObject { ["enum"] = new JsonArray("x", "xy", "\"", 1, 12, null, new JsonObject { ["k"] = 1.5 }) },
            5 => new JsonObject { ["const"] = "ثابت\t" },
            6 => new JsonObject { ["type"] = new JsonArray("string", "null") },
            7 => Pattern(),
            8 => Bounded("integer"),
            9 => Bounded("number"),
            10 => new JsonObject { ["type"] = "string", ["format"] = Formats[_random.Next(Formats.Length)] },
            11 or 12 or 13 => Object(depth),
            14 => Array(depth),
            15 => new JsonObject { ["anyOf"] = new JsonArray(Draw(depth - 1), Draw(depth - 1), new JsonObject { ["type"] = "null" }) },
            16 => new JsonObject { ["type"] = "object", ["additionalProperties"] = _random.Next(2) == 0 ? JsonValue.Create(true) : Draw(depth - 1) },
            17 => new JsonObject { ["$ref"] = "#/$defs/either" },
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

    private JsonObject Pattern()
    {
        var schema = new JsonObject { ["type"] = "string", ["pattern"] = Patterns[_random.Next(Patterns.Length)] };

        // Bounds that every one of the patterns has strings in would test little: those that have none are refused.
        if (_random.Next(3) == 0)
            schema["minLength"] = _random.Next(4);
        if (_random.Next(3) == 0)
            schema["maxLength"] = 3 + _random.Next(8);
        return schema;
    }

    private JsonObject Bounded(string type)
    {
        var schema = new JsonObject { ["type"] = type };
        var scale = new[] { 1, 10, 1000, 1_000_000_000 }[_random.Next(4)];
        var low = Math.Round((decimal)((_random.NextDouble() - 0.5) * scale), _random.Next(4));
        if (_random.Next(3) > 0)
            schema[_random.Next(2) == 0 ? "minimum" : "exclusiveMinimum"] = low;
        if (_random.Next(3) > 0)
            schema[_random.Next(2) == 0 ? "maximum" : "exclusiveMaximum"] = low + Math.Round((decimal)(_random.NextDouble() * scale), _random.Next(4)) + 2;
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
