using System.Text.Json;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>A set of JSON texts a generation can be held to. Immutable: compile once, use in many requests.</summary>
/// <remarks>
/// <para>Texts are written without white space between tokens, properties in the order of the schema; free keys are 1 to 64
/// bytes long, none twice; numbers have no exponent. What a schema leaves open (more properties than it names) is not used.</para>
/// <para>Supported: type (also a list), enum, const, properties, required, additionalProperties, items, minItems, maxItems,
/// minLength, maxLength, pattern, minimum, maximum, exclusiveMinimum, exclusiveMaximum, anyOf, and $ref within the schema, also
/// recursive. The formats date, time, date-time, email, uuid and ipv4 are enforced where no pattern is given; other formats and
/// annotations are ignored.</para>
/// </remarks>
public sealed class JsonGrammar
{
    /// <summary>Length of the longest text, unless said otherwise; a text that nears it is brought to its shortest end.</summary>
    public const int DefaultMaxBytes = 32 * 1024;

    private JsonGrammar(GrammarNode root, int maxBytes)
    {
        if (root.MinBytes > maxBytes)
            throw new UnsupportedSchemaException("#", $"the shortest value has {root.MinBytes} bytes; at most {maxBytes} are generated.");
        Root = root;
        MaxBytes = maxBytes;
    }

    /// <summary>Any JSON object.</summary>
    public static JsonGrammar AnyObject { get; } = new(SchemaCompiler.AnyObject(), DefaultMaxBytes);

    /// <summary>Bytes of the longest text.</summary>
    public int MaxBytes { get; }

    internal GrammarNode Root { get; }

    /// <summary>What it takes to keep it; told of compiled schemas only.</summary>
    internal GrammarSize Size { get; private init; }

    /// <summary>The JSON values that satisfy a schema.</summary>
    /// <param name="schema">The schema; not needed after the call.</param>
    /// <param name="maxBytes">Length of the longest text.</param>
    /// <exception cref="UnsupportedSchemaException">The schema uses a keyword outside the supported subset, or nothing satisfies it.</exception>
    public static JsonGrammar FromSchema(JsonElement schema, int maxBytes = DefaultMaxBytes)
    {
        try
        {
            return new JsonGrammar(SchemaCompiler.Compile(schema, out var size), maxBytes) { Size = size };
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            // What System.Text.Json throws on reading a string that is not valid Unicode.
            throw new UnsupportedSchemaException("#", "the schema holds a string that is not valid Unicode.");
        }
    }

    /// <summary>The bodies of calls to these tools.</summary>
    internal static JsonGrammar CallBodies(IReadOnlyList<CallableTool> tools)
    {
        // Room for what a call puts around its arguments, the name with every character escaped.
        var maxBytes = tools.Max(tool => tool.Arguments.MaxBytes + (6 * tool.Name.Length) + 64);
        return new JsonGrammar(SchemaCompiler.CallBodies(tools), maxBytes);
    }
}
