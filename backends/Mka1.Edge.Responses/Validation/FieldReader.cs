using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Reads the members of one object by rule. Every broken rule goes to the fault log and reading goes on with a
/// neutral value, so parsing code stays a straight list of fields. An explicit null counts as absent.
/// </summary>
internal readonly struct FieldReader(JsonElement owner, ParseContext context)
{
    public ParseContext Context => context;

    public JsonElement Owner => owner;

    private FaultLog Faults => context.Faults;

    /// <summary>The member's value, or null when absent.</summary>
    public JsonElement? Any(ReadOnlySpan<byte> name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public bool Has(ReadOnlySpan<byte> name) => Any(name) is not null;

    public JsonElement? OfKind(ReadOnlySpan<byte> name, JsonValueKind kind)
    {
        if (Any(name) is not { } value)
            return null;
        if (value.ValueKind == kind)
            return value;
        WrongKind(value, KindName(kind));
        return null;
    }

    public JsonElement Required(ReadOnlySpan<byte> name, JsonValueKind kind)
    {
        if (!Has(name))
            Missing(name);
        return OfKind(name, kind) ?? default;
    }

    /// <summary>A text left undecoded. Lengths in code points.</summary>
    public JsonText? Text(ReadOnlySpan<byte> name, int max)
    {
        if (OfKind(name, JsonValueKind.String) is not { } value)
            return null;
        if (!JsonStrings.HasLength(value, 0, max))
            Faults.Add(value, ErrorCode.InvalidValue, $"must be at most {max} characters long");
        return new JsonText(value);
    }

    public JsonText RequiredText(ReadOnlySpan<byte> name, int max)
    {
        if (!Has(name))
            Missing(name);
        return Text(name, max) ?? default;
    }

    /// <summary>A short text, decoded. Lengths in code points.</summary>
    public string? String(ReadOnlySpan<byte> name, int min = 0, int max = 1024)
    {
        if (OfKind(name, JsonValueKind.String) is not { } value)
            return null;
        if (JsonStrings.HasLength(value, min, max))
            return value.GetString();
        Faults.Add(value, ErrorCode.InvalidValue, min == 0
            ? $"must be at most {max} characters long"
            : $"must be {min} to {max} characters long");
        return null;
    }

    public string RequiredString(ReadOnlySpan<byte> name, int min = 1, int max = 1024)
    {
        if (!Has(name))
            Missing(name);
        return String(name, min, max) ?? string.Empty;
    }

    /// <summary>1 to 64 of <c>a-z A-Z 0-9 _ -</c>.</summary>
    public string RequiredName(ReadOnlySpan<byte> name)
    {
        if (!Has(name))
            Missing(name);
        if (OfKind(name, JsonValueKind.String) is not { } value)
            return string.Empty;
        var text = value.GetString()!;
        if (text.Length is >= 1 and <= 64 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'))
            return text;
        Faults.Add(value, ErrorCode.InvalidValue, "must be 1 to 64 characters out of a-z, A-Z, 0-9, '_' and '-'");
        return string.Empty;
    }

    public bool? Bool(ReadOnlySpan<byte> name)
    {
        if (Any(name) is not { } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        WrongKind(value, "a boolean");
        return null;
    }

    /// <summary>A JSON integer. <c>5.0</c> and <c>5e0</c> are refused: readers disagree on them.</summary>
    public long? Integer(ReadOnlySpan<byte> name, long min, long max)
    {
        if (OfKind(name, JsonValueKind.Number) is not { } value)
            return null;
        if (value.TryGetInt64(out var number) && number >= min && number <= max)
            return number;
        Faults.Add(value, ErrorCode.InvalidValue, $"must be an integer from {min} to {max}, without fraction or exponent");
        return null;
    }

    public double? Number(ReadOnlySpan<byte> name, double min, double max)
    {
        if (OfKind(name, JsonValueKind.Number) is not { } value)
            return null;
        if (value.TryGetDouble(out var number) && number >= min && number <= max)
            return number;
        Faults.Add(value, ErrorCode.InvalidValue, FormattableString.Invariant($"must be a number from {min} to {max}"));
        return null;
    }

    public T? Enum<T>(ReadOnlySpan<byte> name)
        where T : struct, Enum
    {
        if (OfKind(name, JsonValueKind.String) is not { } value)
            return null;
        if (EnumWords<T>.TryRead(value, out var word))
            return word;
        Faults.Add(value, ErrorCode.InvalidValue, $"must be {EnumWords<T>.Allowed}");
        return null;
    }

    /// <summary>One word of a closed list.</summary>
    public string? Word(ReadOnlySpan<byte> name, string[] allowed) =>
        OfKind(name, JsonValueKind.String) is { } value ? Word(value, allowed) : null;

    public string? Word(JsonElement value, IReadOnlyList<string> allowed)
    {
        foreach (var word in allowed)
        {
            if (value.ValueEquals(word))
                return word;
        }

        Faults.Add(value, ErrorCode.InvalidValue, $"must be {WordList.Of(allowed)}");
        return null;
    }

    /// <summary>An array of strings; null when absent.</summary>
    public IReadOnlyList<string>? Strings(ReadOnlySpan<byte> name)
    {
        if (OfKind(name, JsonValueKind.Array) is not { } array)
            return null;
        var words = new List<string>(array.GetArrayLength());
        foreach (var entry in array.EnumerateArray())
        {
            if (entry.ValueKind == JsonValueKind.String)
            {
                words.Add(entry.GetString()!);
                continue;
            }

            WrongKind(entry, "a string");
            break;
        }

        return words;
    }

    /// <summary>An absolute http or https address.</summary>
    public string? HttpUrl(ReadOnlySpan<byte> name)
    {
        if (String(name, 1, 2048) is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            return text;
        Faults.Add(Any(name)!.Value, ErrorCode.InvalidValue, "must be an absolute http or https URL");
        return null;
    }

    public void Missing(ReadOnlySpan<byte> name) => Faults.AddMissing(owner, Encoding.UTF8.GetString(name), "is required");

    public void WrongKind(JsonElement value, string expected) =>
        Faults.Add(value, ErrorCode.InvalidType, $"must be {expected}, not {KindName(value.ValueKind)}");

    public static string KindName(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
