using System.Text;
using System.Text.Json;
using Mka1.Edge.Inference.Chat;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>Turns a JSON Schema into a grammar of values that satisfy it: all of them, or, where that is simpler, enough of them.</summary>
internal sealed class SchemaCompiler
{
    // Keeps the work on a hostile schema bounded.
    private const int MaxNodes = 2_000;

    // Of schemas within schemas, references followed.
    private const int MaxNesting = 128;

    // One level is kept for the object that a tool call puts around its arguments.
    private const int MaxDepth = GuideSteps.MaxDepth - 1;

    private readonly JsonElement _root;
    private readonly List<GrammarNode> _nodes = [];
    private readonly Dictionary<string, GrammarNode.Choice> _references = new(StringComparer.Ordinal);
    private readonly ScalarCompiler _scalars;
    private GrammarNode? _any;
    private int _nesting;

    private SchemaCompiler(JsonElement root)
    {
        _root = root;
        _scalars = new ScalarCompiler(this);
    }

    /// <summary>The grammar of a schema, and what it takes to keep it.</summary>
    public static GrammarNode Compile(JsonElement schema, out GrammarSize size)
    {
        var compiler = new SchemaCompiler(schema);
        var root = compiler.Close(compiler.Node(schema, "#"), MaxDepth);
        size = compiler._scalars.Size with { Nodes = compiler._nodes.Count };
        return root;
    }

    /// <summary>Any JSON object.</summary>
    public static GrammarNode AnyObject()
    {
        var compiler = new SchemaCompiler(default);
        return compiler.Close(compiler.Add(new GrammarNode.Map { Value = compiler.Any() }), MaxDepth);
    }

    /// <summary>Joins closed grammars into objects <c>{"name":…,"arguments":…}</c>, one for each tool.</summary>
    public static GrammarNode CallBodies(IEnumerable<CallableTool> tools)
    {
        var compiler = new SchemaCompiler(default);
        var bodies = tools.Select(tool => (GrammarNode)compiler.Add(new GrammarNode.Record(
        [
            Property("name", compiler.Add(new GrammarNode.Literals([Quote(tool.Name)])), required: true),
            Property("arguments", tool.Arguments.Root, required: true),
        ]))).ToArray();
        return compiler.Close(compiler.Add(new GrammarNode.Choice { Options = bodies }), GuideSteps.MaxDepth);
    }

    private GrammarNode Close(GrammarNode root, int maxDepth)
    {
        Flatten();
        GrammarCosts.Close(_nodes);
        if (root.MinBytes >= GrammarNode.Impossible)
            throw new UnsupportedSchemaException("#", "no finite value satisfies this schema.");
        if (root.Depth > maxDepth)
            throw new UnsupportedSchemaException("#", $"values are nested deeper than {maxDepth}.");
        return root;
    }

    /// <summary>Counts a node among those whose costs are closed.</summary>
    public T Add<T>(T node)
        where T : GrammarNode
    {
        if (_nodes.Count == MaxNodes)
            throw new UnsupportedSchemaException("#", $"the schema has more than {MaxNodes} parts.");
        _nodes.Add(node);
        return node;
    }

    private GrammarNode Node(JsonElement schema, string path)
    {
        if (++_nesting > MaxNesting)
            throw new UnsupportedSchemaException(path, $"schemas are nested deeper than {MaxNesting}.");
        var node = NodeWithin(schema, path);
        _nesting--;
        return node;
    }

    private GrammarNode NodeWithin(JsonElement schema, string path)
    {
        if (schema.ValueKind == JsonValueKind.True)
            return Any();
        if (schema.ValueKind == JsonValueKind.False)
            throw new UnsupportedSchemaException(path, "nothing satisfies this schema.");
        if (schema.ValueKind != JsonValueKind.Object)
            throw new UnsupportedSchemaException(path, "a schema must be an object or a boolean.");
        SchemaKeywords.Check(schema, path);

        if (schema.TryGetProperty("$ref", out var reference))
        {
            SchemaKeywords.CheckAlone(schema, path, "$ref");
            return Reference(reference, path + "/$ref");
        }
        if (schema.TryGetProperty("anyOf", out var options))
        {
            SchemaKeywords.CheckAlone(schema, path, "anyOf");
            var elements = Elements(options, path + "/anyOf");
            return Add(new GrammarNode.Choice { Options = [.. elements.Select((option, i) => Node(option, $"{path}/anyOf/{i}"))] });
        }
        if (schema.TryGetProperty("const", out var constant))
        {
            SchemaKeywords.CheckAlone(schema, path, "const", "type");
            return Literals(schema, [constant], path + "/const");
        }
        if (schema.TryGetProperty("enum", out var values))
        {
            SchemaKeywords.CheckAlone(schema, path, "enum", "type");
            return Literals(schema, Elements(values, path + "/enum"), path + "/enum");
        }
        return ByType(schema, path);
    }

    private GrammarNode ByType(JsonElement schema, string path)
    {
        var types = Types(schema, path);
        if (types.Length == 1)
            return OfType(types[0], schema, path);
        if (types.Length > 1)
            return Add(new GrammarNode.Choice { Options = [.. types.Select(type => OfType(type, schema, path))] });

        // No type: whatever the other keywords speak of, which is among the values that satisfy them.
        if (schema.TryGetProperty("properties", out _) || schema.TryGetProperty("required", out _) || schema.TryGetProperty("additionalProperties", out _))
            return Object(schema, path);
        if (schema.TryGetProperty("items", out _) || schema.TryGetProperty("minItems", out _) || schema.TryGetProperty("maxItems", out _))
            return Array(schema, path);
        if (schema.TryGetProperty("minLength", out _) || schema.TryGetProperty("maxLength", out _) || schema.TryGetProperty("pattern", out _))
            return _scalars.Text(schema, path);
        return ScalarCompiler.HasBounds(schema) ? _scalars.Number(schema, path, integer: false) : Any();
    }

    private GrammarNode OfType(string type, JsonElement schema, string path) => type switch
    {
        "object" => Object(schema, path),
        "array" => Array(schema, path),
        "string" => _scalars.Text(schema, path),
        "number" => _scalars.Number(schema, path, integer: false),
        "integer" => _scalars.Number(schema, path, integer: true),
        "boolean" => Add(new GrammarNode.Literals(["true"u8.ToArray(), "false"u8.ToArray()])),
        "null" => Add(new GrammarNode.Literals(["null"u8.ToArray()])),
        _ => throw new UnsupportedSchemaException(path + "/type", $"'{type}' is not a type of JSON Schema."),
    };

    private GrammarNode Object(JsonElement schema, string path)
    {
        var required = new HashSet<string>(StringComparer.Ordinal);
        if (schema.TryGetProperty("required", out var list))
            required.UnionWith(Elements(list, path + "/required").Select(name => String(name, path + "/required")));

        var properties = new List<GrammarNode.Property>();
        if (schema.TryGetProperty("properties", out var declared))
        {
            if (declared.ValueKind != JsonValueKind.Object)
                throw new UnsupportedSchemaException(path + "/properties", "must be an object.");
            foreach (var property in declared.EnumerateObject())
                properties.Add(Property(property.Name, Node(property.Value, $"{path}/properties/{Escape(property.Name)}"), required.Remove(property.Name)));
        }

        var open = !schema.TryGetProperty("additionalProperties", out var additional) || additional.ValueKind != JsonValueKind.False;
        if (required.Count > 0 && !open)
            throw new UnsupportedSchemaException(path + "/required", $"'{required.First()}' is not among the properties, and no others are allowed.");
        if (properties.Count == 0 && required.Count == 0 && open)
            return Add(new GrammarNode.Map { Value = Additional(additional, path) });
        foreach (var name in required)
            properties.Add(Property(name, Additional(additional, path), required: true));

        // Properties beyond those named are allowed to be left out, so they are.
        return Add(new GrammarNode.Record([.. properties]));
    }

    private GrammarNode Additional(JsonElement schema, string path) =>
        schema.ValueKind == JsonValueKind.Undefined ? Any() : Node(schema, path + "/additionalProperties");

    private GrammarNode.List Array(JsonElement schema, string path)
    {
        var min = ScalarCompiler.Bound(schema, "minItems", path) ?? 0;
        var max = ScalarCompiler.Bound(schema, "maxItems", path) ?? int.MaxValue;
        if (min > max)
            throw new UnsupportedSchemaException(path + "/minItems", "is above maxItems.");
        return Add(new GrammarNode.List(min, max) { Item = schema.TryGetProperty("items", out var items) ? Node(items, path + "/items") : Any() });
    }

    private GrammarNode.Literals Literals(JsonElement schema, IEnumerable<JsonElement> values, string path)
    {
        var types = Types(schema, path);
        var texts = values.Where(value => types.Length == 0 || types.Any(type => IsOfType(value, type)))
            .Select(value => Minify(value, path)).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes).ToArray();
        return texts.Length > 0 ? Add(new GrammarNode.Literals(texts)) : throw new UnsupportedSchemaException(path, "holds no value of the type asked for.");
    }

    private static string Minify(JsonElement value, string path)
    {
        var text = JsonText.Minify(value.GetRawText());
        using var document = JsonDocument.Parse(text);

        // Half a surrogate pair, written as an escape, cannot be generated.
        return JsonElement.DeepEquals(document.RootElement, value) ? text : throw new UnsupportedSchemaException(path, "holds a string that is not valid Unicode.");
    }

    private GrammarNode.Choice Reference(JsonElement reference, string path)
    {
        var pointer = String(reference, path);
        if (_references.TryGetValue(pointer, out var known))
            return known;
        var target = Resolve(pointer, path);

        // Registered before its target is compiled: the target may refer to itself.
        var node = Add(new GrammarNode.Choice());
        _references.Add(pointer, node);
        node.Options = [Node(target, pointer)];
        return node;
    }

    private JsonElement Resolve(string pointer, string path)
    {
        var parts = pointer.Split('/');
        var target = _root;
        if (parts[0] != "#")
            throw new UnsupportedSchemaException(path, $"'{pointer}' is outside this schema; only references such as #/$defs/name are supported.");
        foreach (var part in parts.Skip(1))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(name, out target))
                throw new UnsupportedSchemaException(path, $"there is no '{pointer}'.");
        }
        return target;
    }

    // A choice among choices becomes one list of what they come down to. So entering a value never recurses, a $ref that leads
    // back to itself adds nothing, and options reached twice count once.
    private void Flatten()
    {
        foreach (var choice in _nodes.OfType<GrammarNode.Choice>())
        {
            var reached = new HashSet<GrammarNode> { choice };
            var open = new Stack<GrammarNode>(choice.Options.Reverse());
            var leaves = new List<GrammarNode>();
            while (open.TryPop(out var node))
            {
                if (!reached.Add(node))
                    continue;
                if (node is not GrammarNode.Choice inner)
                    leaves.Add(node);
                else
                    System.Array.ForEach(inner.Options, open.Push);
            }
            choice.Options = [.. leaves];
        }
    }

    private GrammarNode Any()
    {
        if (_any is not null)
            return _any;
        var any = Add(new GrammarNode.Choice());
        _any = any;
        any.Options =
        [
            Add(new GrammarNode.Literals(["true"u8.ToArray(), "false"u8.ToArray(), "null"u8.ToArray()])),
            Add(new GrammarNode.Number(integer: false)),
            Add(new GrammarNode.Text(0, int.MaxValue)),
            Add(new GrammarNode.Map { Value = any }),
            Add(new GrammarNode.List(0, int.MaxValue) { Item = any }),
        ];
        return any;
    }

    private static GrammarNode.Property Property(string name, GrammarNode value, bool required)
    {
        byte[] key = [.. Quote(name), (byte)':'];
        return new GrammarNode.Property([(byte)'{', .. key], [(byte)',', .. key], value, required);
    }

    private static byte[] Quote(string text)
    {
        var quoted = new StringBuilder();
        JsonText.AppendString(quoted, text);
        return Encoding.UTF8.GetBytes(quoted.ToString());
    }

    private static string[] Types(JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("type", out var type))
            return [];
        return type.ValueKind == JsonValueKind.Array
            ? [.. Elements(type, path + "/type").Select(item => String(item, path + "/type"))]
            : [String(type, path + "/type")];
    }

    private static bool IsOfType(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && value.TryGetInt64(out _)),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        _ => type == "null",
    };

    private static JsonElement.ArrayEnumerator Elements(JsonElement array, string path) =>
        array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : throw new UnsupportedSchemaException(path, "must be an array.");

    private static string String(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new UnsupportedSchemaException(path, "must be a string.");

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
