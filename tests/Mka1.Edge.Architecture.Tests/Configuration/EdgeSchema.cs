using System.Numerics;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Architecture.Tests.Configuration;

/// <summary>The JSON schema of <c>config/edge.json</c>, made from the types that the gateway reads it into.</summary>
internal static partial class EdgeSchema
{
    public const string Path = "config/edge.schema.json";

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Default) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly XmlDocumentation Documentation = new(typeof(EdgeConfig).Assembly);

    /// <summary>The schema: structure, descriptions, defaults and bounds.</summary>
    public static JsonObject Create()
    {
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };
        var schema = (JsonObject)EdgeConfigJson.Options.GetJsonSchemaAsNode(typeof(EdgeConfig), options);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Mka1.Edge gateway");
        return schema;
    }

    public static string ToText(JsonObject schema) => schema.ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";

    /// <summary>A setting's path from its place in the schema: <c>pools.*.path</c>, <c>requests[].limit</c>.</summary>
    private static string SettingPath(ReadOnlySpan<string> place)
    {
        var path = "";
        for (var i = 0; i < place.Length; i++)
        {
            path += place[i] switch
            {
                "properties" => "." + place[++i],
                "additionalProperties" => ".*",
                "items" => "[]",
                _ => "",
            };
        }

        return path.TrimStart('.');
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (context.PropertyInfo is not { AttributeProvider: PropertyInfo property } || schema is not JsonObject node || IsPartOfProperty(context)) return schema;

        var summary = Documentation.Of(property);
        node.Insert(0, "description", RangeInText().Replace(summary, "").Replace("`", "", StringComparison.Ordinal));
        if (DefaultOf(property) is { } standard) node["default"] = standard;
        if (!IsNumber(property.PropertyType)) return node;

        var path = SettingPath(context.Path);
        var bounds = Bounds.Of(path) ?? throw new InvalidOperationException($"{path}: the validator takes any number. Bound it.");
        if (RangeInText().Match(summary) is { Success: true } said && (Plain(said.Groups["min"]), Plain(said.Groups["max"])) != (bounds.Min, bounds.Max))
            throw new InvalidOperationException($"{path}: its summary says{said.Value}, the validator {bounds.Min} to {bounds.Max}.");
        node["minimum"] = JsonNode.Parse(bounds.Min);
        node["maximum"] = JsonNode.Parse(bounds.Max);

        // A zero that the validator refuses is no default: the setting must be given.
        if (node["default"] is { } number && !bounds.Hold(number)) node.Remove("default");
        return node;
    }

    /// <summary>What a setting is when it is left out; null when it is nothing, empty, or an object of further settings.</summary>
    private static JsonNode? DefaultOf(PropertyInfo property)
    {
        var value = property.GetValue(Activator.CreateInstance(property.DeclaringType!));
        return JsonSerializer.SerializeToNode(value, property.PropertyType, EdgeConfigJson.Options) switch
        {
            JsonObject or JsonArray { Count: 0 } => null,
            JsonValue text when text.TryGetValue<string>(out var written) && written.Length == 0 => null,
            var other => other,
        };
    }

    private static string Plain(Group number) => number.Value.Replace(",", "", StringComparison.Ordinal);

    /// <summary>Items and values of a property carry its facts too; only the property itself is described.</summary>
    private static bool IsPartOfProperty(JsonSchemaExporterContext context) => context.Path.Length < 2 || context.Path[^2] != "properties";

    private static bool IsNumber(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type).GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(INumber<>));

    [GeneratedRegex(@" \((?<min>[\d.,]+)–(?<max>[\d.,]+)\)")]
    private static partial Regex RangeInText();
}
