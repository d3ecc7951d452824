using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Compares a configuration's JSON with the types it is read into, key by key: reading it would stop at the first fault.</summary>
internal static class ConfigShape
{
    /// <summary>Adds every key that is not known, with the nearest one that is, and every value of the wrong kind.</summary>
    /// <param name="node">The JSON.</param>
    /// <param name="type">What it is to be read as.</param>
    /// <param name="path">Where it stands; empty at the top.</param>
    /// <param name="faults">Takes the faults.</param>
    public static void Check(JsonNode? node, Type type, string path, List<string> faults)
    {
        var info = EdgeConfigJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object when node is JsonObject members:
                foreach (var (name, value) in members) Member(name, value, info, path, faults);
                break;
            case JsonTypeInfoKind.Dictionary when node is JsonObject entries:
                foreach (var (name, value) in entries) Check(value, info.ElementType!, Join(path, name), faults);
                break;
            case JsonTypeInfoKind.Enumerable when node is JsonArray items:
                for (var i = 0; i < items.Count; i++) Check(items[i], info.ElementType!, $"{path}[{i}]", faults);
                break;
            default:
                Value(node, type, path, faults);
                break;
        }
    }

    private static void Member(string name, JsonNode? value, JsonTypeInfo owner, string path, List<string> faults)
    {
        if (owner.Properties.FirstOrDefault(property => property.Name == name) is { } known)
        {
            // Null where none may be is told when the whole is read.
            if (value is not null) Check(value, known.PropertyType, Join(path, name), faults);
            return;
        }

        var names = owner.Properties.Select(property => property.Name).ToList();
        faults.Add(NearestName.Of(name, names) is { } nearest
            ? $"{Join(path, name)}: there is no such key. Did you mean '{nearest}'?"
            : $"{Join(path, name)}: there is no such key. Known here: {string.Join(", ", names)}.");
    }

    private static void Value(JsonNode? node, Type type, string path, List<string> faults)
    {
        try
        {
            if (node is not null) node.Deserialize(type, EdgeConfigJson.Options);
        }
        catch (InvalidOperationException)
        {
            // A text that is no Unicode, which has been told already.
        }
        catch (JsonException)
        {
            var text = node!.ToJsonString();
            faults.Add($"{(path.Length == 0 ? "$" : path)}: {(text.Length > 60 ? text[..60] + "…" : text)} is not {Expected(Nullable.GetUnderlyingType(type) ?? type)}.");
        }
    }

    private static string Expected(Type type) => type switch
    {
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(string) => "a text",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        { IsPrimitive: true } => "a number",
        _ when type == typeof(decimal) => "a number",
        _ when type == typeof(DateTimeOffset) => "an instant such as 2027-01-01T00:00:00Z",
        _ => EdgeConfigJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Enumerable ? "a list" : "an object",
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
