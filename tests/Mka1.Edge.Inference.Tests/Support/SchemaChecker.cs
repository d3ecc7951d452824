using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mka1.Edge.Inference.Tests.Support;

/// <summary>A plain validator of the JSON Schema keywords the tests use, written apart from the guide it checks.</summary>
internal static class SchemaChecker
{
    private static readonly ConcurrentDictionary<string, Regex> Compiled = new(StringComparer.Ordinal);

    public static bool IsValid(JsonElement value, JsonElement schema) => IsValid(value, schema, schema);

    /// <summary>The text is one value that satisfies the schema, without duplicate keys, no longer than it may be.</summary>
    public static void AssertValid(byte[] text, JsonElement schema, int maxBytes, int seed)
    {
        Assert.InRange(text.Length, 1, maxBytes);
        using var value = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        Assert.True(IsValid(value.RootElement, schema), $"seed {seed}: {Encoding.UTF8.GetString(text)}\nis not valid for\n{schema}");
        AssertReadable(value.RootElement);
    }

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
                "pattern" => value.ValueKind != JsonValueKind.String || Matches(value.GetString()!, keyword.Value.GetString()!),
                "format" => value.ValueKind != JsonValueKind.String || IsOfFormat(value.GetString()!, keyword.Value.GetString()!),
                "minimum" => value.ValueKind != JsonValueKind.Number || (value.GetDecimal() >= keyword.Value.GetDecimal() && value.GetDouble() >= keyword.Value.GetDouble()),
                "maximum" => value.ValueKind != JsonValueKind.Number || (value.GetDecimal() <= keyword.Value.GetDecimal() && value.GetDouble() <= keyword.Value.GetDouble()),
                "exclusiveMinimum" => value.ValueKind != JsonValueKind.Number || (value.GetDecimal() > keyword.Value.GetDecimal() && value.GetDouble() > keyword.Value.GetDouble()),
                "exclusiveMaximum" => value.ValueKind != JsonValueKind.Number || (value.GetDecimal() < keyword.Value.GetDecimal() && value.GetDouble() < keyword.Value.GetDouble()),
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

    // ECMA-262 counts more as white space than the runtime does in its ECMAScript mode.
    private const string Space = @"\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

    // The runtime counts a code point above FFFF as two letters; one below stands in for each: a letter for a letter, one of
    // the private use area for others, another for the one that a pattern names.
    private static bool Matches(string value, string pattern)
    {
        var letters = string.Concat(value.EnumerateRunes().Select(rune => rune.IsBmp ? rune.ToString() : rune.Value == 0x1F642 ? "\uE001" : Rune.IsUpper(rune) ? "Ж" : Rune.IsLetter(rune) ? "ж" : "\uE000"));
        var translated = pattern.Replace("🙂", "\uE001", StringComparison.Ordinal).Replace("$", @"\z", StringComparison.Ordinal)
            .Replace(@"\s", $"[{Space}]", StringComparison.Ordinal).Replace(@"\S", $"[^{Space}]", StringComparison.Ordinal).Replace("^.{", @"^[^\n\r\u2028\u2029]{", StringComparison.Ordinal);
        return Compiled.GetOrAdd(translated, static text => new Regex(text, text.Contains(@"\p", StringComparison.Ordinal) ? RegexOptions.None : RegexOptions.ECMAScript)).IsMatch(letters);
    }

    private static bool IsOfFormat(string value, string format) => format switch
    {
        "date" => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "time" => DateTimeOffset.TryParse("2000-01-01T" + value, CultureInfo.InvariantCulture, out _),
        "date-time" => value.Length > 10 && value[10] == 'T' && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _),
        "email" => MailAddress.TryCreate(value, out var address) && address.Address == value,
        "uuid" => Guid.TryParseExact(value, "D", out _),
        "ipv4" => IPAddress.TryParse(value, out var address) && address.ToString() == value,
        _ => true,
    };

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

    /// <summary>Reads every string: System.Text.Json throws on one that is not valid Unicode.</summary>
    public static void AssertReadable(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                Assert.NotNull(value.GetString());
                break;
            case JsonValueKind.Number:
                Assert.True(double.IsFinite(value.GetDouble()));
                break;
            case JsonValueKind.Array:
                Assert.All(value.EnumerateArray(), AssertReadable);
                break;
            case JsonValueKind.Object:
                Assert.All(value.EnumerateObject(), member =>
                {
                    Assert.NotNull(member.Name);
                    AssertReadable(member.Value);
                });
                break;
        }
    }
}
