using System.Text;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>Which conversations a list is to hold.</summary>
/// <param name="Metadata">Pairs that must all be there; null for no such filter.</param>
/// <param name="Search">Words to look for; null for no such filter.</param>
internal sealed record ConversationFilter(IReadOnlyDictionary<string, string>? Metadata, string? Search)
{
    private const string Name = "metadata";

    /// <summary>Reads <c>search</c> and <c>metadata</c>, which is a JSON object or <c>metadata[key]=value</c>.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static ApiError? Read(IQueryCollection query, out ConversationFilter filter)
    {
        filter = new ConversationFilter(null, null);
        if (QueryParameters.Text(query, "search", out var search) is { } wrongSearch) return wrongSearch;
        if (QueryParameters.Text(query, Name, out var json) is { } wrongJson) return wrongJson;
        if (QueryParameters.Map(query, Name, out var pairs) is { } wrongPairs) return wrongPairs;
        if (json is not null && AddJson(json, pairs) is { } wrongObject) return wrongObject;
        filter = new ConversationFilter(pairs.Count > 0 ? pairs : null, string.IsNullOrWhiteSpace(search) ? null : search);
        return null;
    }

    private static ApiError? AddJson(string json, Dictionary<string, string> pairs)
    {
        // The body's parser brings its rules along: one object of strings, no key twice, no half characters.
        if (RequestParser.ParseMetadata(Encoding.UTF8.GetBytes(json)) is not ParseResult<IReadOnlyDictionary<string, string>>.Parsed parsed)
            return new ApiError(ErrorCode.InvalidValue, "'metadata' must be a JSON object of strings, such as {\"topic\":\"demo\"}, of at most 16 pairs.", Name);
        foreach (var (key, value) in parsed.Request)
        {
            if (!pairs.TryAdd(key, value) && pairs[key] != value)
                return new ApiError(ErrorCode.InvalidValue, "'metadata' names a key with two values.", Name);
        }

        return null;
    }
}
