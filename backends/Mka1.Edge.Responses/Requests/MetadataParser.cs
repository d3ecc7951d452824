using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads <c>metadata</c>: at most 16 pairs, keys of at most 64 and values of at most 512 code points.</summary>
internal static class MetadataParser
{
    private const int MaxPairs = 16;
    private const int MaxKey = 64;
    private const int MaxValue = 512;

    private static readonly KnownNames Names = new("metadata");

    /// <summary>The whole of a body that changes metadata and nothing else.</summary>
    public static IReadOnlyDictionary<string, string> Required(JsonElement root, ParseContext context)
    {
        Names.Check(root, context.Faults);
        var body = new FieldReader(root, context);
        if (!body.Has("metadata"u8)) body.Missing("metadata"u8);
        return Parse(body);
    }

    public static IReadOnlyDictionary<string, string> Parse(FieldReader body) =>
        body.OfKind("metadata"u8, JsonValueKind.Object) is { } metadata ? Pairs(metadata, body) : CreateResponseRequest.EmptyMetadata;

    /// <summary>The pairs of an object; faults go to the log of <paramref name="body"/>.</summary>
    public static IReadOnlyDictionary<string, string> Pairs(JsonElement metadata, FieldReader body)
    {
        var faults = body.Context.Faults;
        var pairs = new Dictionary<string, string>(MaxPairs);
        foreach (var property in metadata.EnumerateObject())
        {
            if (pairs.Count == MaxPairs)
            {
                faults.Add(metadata, ErrorCode.InvalidValue, $"must hold at most {MaxPairs} pairs");
                break;
            }

            if (JsonStrings.CountCodePoints(property.Name) > MaxKey)
            {
                faults.AddName(property, ErrorCode.InvalidValue, $"is a key of more than {MaxKey} characters");
                break;
            }

            if (property.Value.ValueKind != JsonValueKind.String)
            {
                body.WrongKind(property.Value, "a string");
                break;
            }

            if (!JsonStrings.HasLength(property.Value, 0, MaxValue))
            {
                faults.Add(property.Value, ErrorCode.InvalidValue, $"must be at most {MaxValue} characters long");
                break;
            }

            pairs.Add(property.Name, property.Value.GetString()!);
        }

        return pairs;
    }
}
