using System.Text.Json;
using Mka1.Edge.Inference.Constraints.Masks;
using Mka1.Edge.Inference.Constraints.Patterns;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>Turns the schemas of strings and numbers into grammar nodes.</summary>
internal sealed class ScalarCompiler(SchemaCompiler compiler)
{
    private const int MaxStatesOfPattern = 10_000;

    // Of all automata of one schema together: some 10 MB.
    private const int MaxStates = 50_000;

    private static readonly string[] NumberKeywords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

    private readonly Dictionary<(string Pattern, int Min, int Max), ByteAutomaton> _patterns = [];
    private GrammarSize _size;

    /// <summary>What the automata made so far take.</summary>
    public GrammarSize Size => _size;

    /// <summary>Whether a schema speaks of the size of a number.</summary>
    public static bool HasBounds(JsonElement schema) => Array.Exists(NumberKeywords, keyword => schema.TryGetProperty(keyword, out _));

    /// <summary>A count: a whole number, 0 or more; null when it is not given.</summary>
    public static int? Bound(JsonElement schema, string keyword, string path)
    {
        if (!schema.TryGetProperty(keyword, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var bound) && bound >= 0
            ? bound
            : throw new UnsupportedSchemaException($"{path}/{keyword}", "must be a whole number, 0 or more.");
    }

    public GrammarNode Text(JsonElement schema, string path)
    {
        var min = Bound(schema, "minLength", path) ?? 0;
        var max = Bound(schema, "maxLength", path) ?? int.MaxValue;
        if (min > max)
            throw new UnsupportedSchemaException(path + "/minLength", "is above maxLength.");
        if (schema.TryGetProperty("pattern", out var pattern))
        {
            return pattern.ValueKind == JsonValueKind.String
                ? Pattern(pattern.GetString()!, min, max, path + "/pattern")
                : throw new UnsupportedSchemaException(path + "/pattern", "must be a string.");
        }
        return schema.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String && StringFormats.Find(format.GetString()!) is { } known
            ? Pattern(known, min, max, path + "/format")
            : compiler.Add(new GrammarNode.Text(min, max));
    }

    public GrammarNode Number(JsonElement schema, string path, bool integer)
    {
        if (!HasBounds(schema))
            return compiler.Add(new GrammarNode.Number(integer));
        var (low, lowOpen) = Tighter(Limit(schema, "minimum", path), Limit(schema, "exclusiveMinimum", path), static (a, b) => a > b);
        var (high, highOpen) = Tighter(Limit(schema, "maximum", path), Limit(schema, "exclusiveMaximum", path), static (a, b) => a < b);
        var keyword = Array.Find(NumberKeywords, name => schema.TryGetProperty(name, out _));
        return compiler.Add(new GrammarNode.Automaton(Count(() => NumberCompiler.Compile(new NumberRange(low, lowOpen, high, highOpen), integer), $"{path}/{keyword}", "")));
    }

    private GrammarNode.Automaton Pattern(string pattern, int min, int max, string path)
    {
        if (!_patterns.TryGetValue((pattern, min, max), out var automaton))
        {
            automaton = Count(() => PatternCompiler.Compile(pattern, min, max, MaxStatesOfPattern), path, $"'{pattern}': ");
            _patterns.Add((pattern, min, max), automaton);
        }
        return compiler.Add(new GrammarNode.Automaton(automaton));
    }

    private ByteAutomaton Count(Func<ByteAutomaton> compile, string path, string subject)
    {
        try
        {
            var automaton = compile();
            _size = _size with { States = _size.States + automaton.States, Places = _size.Places + Math.Min(automaton.States, TokenMasks.MaxMasks) };
            return _size.States <= MaxStates ? automaton : throw new PatternException($"the patterns and bounds of the schema need more than {MaxStates} states");
        }
        catch (PatternException e)
        {
            throw new UnsupportedSchemaException(path, $"{subject}{e.Message}.");
        }
    }

    private static (decimal? Value, bool Open) Tighter(decimal? closed, decimal? open, Func<decimal, decimal, bool> isTighter) =>
        open is not null && (closed is null || !isTighter(closed.Value, open.Value)) ? (open, true) : (closed, false);

    private static decimal? Limit(JsonElement schema, string keyword, string path)
    {
        if (!schema.TryGetProperty(keyword, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Number)
            throw new UnsupportedSchemaException($"{path}/{keyword}", "must be a number.");

        // Beyond every number that is written: as good as a bound just outside them.
        const decimal Beyond = 10_000_000_000_000_000m;
        var approximate = value.GetDouble();
        if (Math.Abs(approximate) >= (double)Beyond)
            return IsBelow(keyword) == approximate < 0 ? null : throw new UnsupportedSchemaException($"{path}/{keyword}", $"leaves no number of at most {NumberCompiler.MaxDigits} digits.");
        return value.TryGetDecimal(out var limit) && (double)limit == approximate
            ? limit
            : throw new UnsupportedSchemaException($"{path}/{keyword}", "has more digits than can be enforced.");
    }

    private static bool IsBelow(string keyword) => keyword is "minimum" or "exclusiveMinimum";
}
