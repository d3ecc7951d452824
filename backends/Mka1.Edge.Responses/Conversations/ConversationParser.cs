using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Parses the bodies of the conversations resource (contract.md H). Never throws, whatever the bytes.</summary>
public static class ConversationParser
{
    private const int MaxItems = 20;
    private const int MaxItemIds = 100;
    private const int MaxIdLength = 256;

    private static readonly KnownNames CreateNames = new("items", "metadata");
    private static readonly KnownNames ItemsNames = new("items", "include");
    private static readonly KnownNames ItemIdsNames = new("item_ids");

    /// <summary>A new conversation. No body at all stands for <c>{}</c>.</summary>
    public static ParseResult<CreateConversationRequest> ParseCreate(ReadOnlyMemory<byte> body, RequestLimits? limits = null) =>
        BodyParser.Parse(body.IsEmpty ? "{}"u8.ToArray() : body, limits ?? RequestLimits.Default, static (root, context) =>
        {
            CreateNames.Check(root, context.Faults);
            var fields = new FieldReader(root, context);
            return new CreateConversationRequest(Items(fields, min: 0), MetadataParser.Parse(fields));
        });

    /// <summary>Items to append.</summary>
    public static ParseResult<IReadOnlyList<StoredItem>> ParseItems(ReadOnlyMemory<byte> body, RequestLimits? limits = null) =>
        BodyParser.Parse(body, limits ?? RequestLimits.Default, static (root, context) =>
        {
            ItemsNames.Check(root, context.Faults);
            var fields = new FieldReader(root, context);
            if (!fields.Has("items"u8)) fields.Missing("items"u8);
            RequestOptions.Include(fields);
            return Items(fields, min: 1);
        });

    /// <summary>Ids of items to delete, each once.</summary>
    public static ParseResult<IReadOnlyList<string>> ParseItemIds(ReadOnlyMemory<byte> body, RequestLimits? limits = null) =>
        BodyParser.Parse<IReadOnlyList<string>>(body, limits ?? RequestLimits.Default, static (root, context) =>
        {
            ItemIdsNames.Check(root, context.Faults);
            var fields = new FieldReader(root, context);
            var array = fields.Required("item_ids"u8, JsonValueKind.Array);
            if (array.ValueKind != JsonValueKind.Array) return [];
            CheckCount(array, 1, MaxItemIds, "ids", context.Faults);
            foreach (var id in array.EnumerateArray())
            {
                if (id.ValueKind != JsonValueKind.String) fields.WrongKind(id, "a string");
                else if (!JsonStrings.HasLength(id, 1, MaxIdLength))
                    context.Faults.Add(id, ErrorCode.InvalidValue, $"must be 1 to {MaxIdLength} characters long");
            }

            return context.Faults.Count > 0 ? [] : [.. array.EnumerateArray().Select(id => id.GetString()!).Distinct(StringComparer.Ordinal)];
        });

    private static IReadOnlyList<StoredItem> Items(FieldReader fields, int min)
    {
        var faults = fields.Context.Faults;
        if (fields.OfKind("items"u8, JsonValueKind.Array) is not { } array) return [];
        CheckCount(array, min, MaxItems, "items", faults);
        if (array.GetArrayLength() > MaxItems) return [];
        var items = ItemParser.Items(array, fields.Context);
        foreach (var reference in items.OfType<ItemReference>())
            faults.Add(reference.Raw, ErrorCode.InvalidValue, "is a reference, which cannot be stored; send the item itself");
        return faults.Count > 0 ? [] : [.. items.Select(StoredItems.Normalize)];
    }

    private static void CheckCount(JsonElement array, int min, int max, string things, FaultLog faults)
    {
        if (array.GetArrayLength() < min || array.GetArrayLength() > max)
            faults.Add(array, ErrorCode.InvalidValue, min == 0 ? $"must hold at most {max} {things}" : $"must hold {min} to {max} {things}");
    }
}
