using System.Globalization;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>
/// Reads query parameters as strictly as bodies are read. Each method gives what is wrong, or null; a parameter without a value
/// counts as absent, one sent twice is refused unless it is a list.
/// </summary>
internal static class QueryParameters
{
    /// <summary>A text.</summary>
    public static ApiError? Text(IQueryCollection query, string name, out string? value)
    {
        var sent = query[name];
        value = sent.Count == 1 && sent[0] is { Length: > 0 } text ? text : null;
        return sent.Count > 1 ? new ApiError(ErrorCode.InvalidValue, $"'{name}' may be sent once only.", name) : null;
    }

    public static ApiError? Bool(IQueryCollection query, string name, out bool? value)
    {
        value = null;
        if (Text(query, name, out var text) is { } repeated) return repeated;
        if (text is null) return null;
        value = text switch
        {
            "true" => true,
            "false" => false,
            _ => null,
        };
        return value is null ? new ApiError(ErrorCode.InvalidValue, $"'{name}' must be true or false.", name) : null;
    }

    public static ApiError? Integer(IQueryCollection query, string name, long min, long max, out long? value)
    {
        value = null;
        if (Text(query, name, out var text) is { } repeated) return repeated;
        if (text is null) return null;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < min || number > max)
            return new ApiError(ErrorCode.InvalidValue, $"'{name}' must be an integer from {min} to {max}.", name);
        value = number;
        return null;
    }

    /// <summary>The values of a list in the order sent, each once: <c>name[]=a&amp;name[]=b</c> or <c>name=a&amp;name=b</c>.</summary>
    public static IReadOnlyCollection<string> List(IQueryCollection query, string name) =>
        [.. query[name].Concat(query[name + "[]"]).OfType<string>().Where(value => value.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>The pairs of <c>name[key]=value</c>; empty when there are none.</summary>
    public static ApiError? Map(IQueryCollection query, string name, out Dictionary<string, string> pairs)
    {
        pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, values) in query)
        {
            if (!key.StartsWith(name + "[", StringComparison.Ordinal) || !key.EndsWith(']')) continue;
            if (values is not [{ } value])
                return new ApiError(ErrorCode.InvalidValue, $"Each pair of '{name}' may be sent once only.", name);
            pairs[key[(name.Length + 1)..^1]] = value;
        }

        return null;
    }
}
