using System.Globalization;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>The query of <c>GET /responses/{id}</c>.</summary>
/// <param name="Include">Extra output fields wanted.</param>
/// <param name="Stream">Whether events are wanted.</param>
/// <param name="StartingAfter">The last event number the client has; -1 for none.</param>
/// <param name="IncludeObfuscation">Whether delta events are padded; null when the client did not say.</param>
internal sealed record ResponseQuery(IReadOnlyCollection<string> Include, bool Stream, long StartingAfter, bool? IncludeObfuscation)
{
    private const long MaxSafeInteger = 9_007_199_254_740_991;

    /// <summary>Reads the query. <c>Last-Event-ID</c>, which browsers send on their own, stands in for <c>starting_after</c>.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static ApiError? Read(HttpRequest request, out ResponseQuery query)
    {
        query = new ResponseQuery([], false, -1, null);
        var parameters = request.Query;
        if (ReadInclude(parameters, out var include) is { } wrongInclude) return wrongInclude;
        if (QueryParameters.Bool(parameters, "stream", out var stream) is { } wrongStream) return wrongStream;
        if (QueryParameters.Bool(parameters, "include_obfuscation", out var obfuscation) is { } wrongObfuscation) return wrongObfuscation;
        if (QueryParameters.Integer(parameters, "starting_after", -MaxSafeInteger, MaxSafeInteger, out var after) is { } wrongAfter) return wrongAfter;
        if (after is null && request.Headers["Last-Event-ID"] is [{ } last]
            && long.TryParse(last, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            after = Math.Clamp(number, -MaxSafeInteger, MaxSafeInteger);
        }

        query = new ResponseQuery(include, stream ?? false, after ?? -1, obfuscation);
        return null;
    }

    /// <summary>Reads <c>include</c> in either of its forms.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static ApiError? ReadInclude(IQueryCollection parameters, out IReadOnlyCollection<string> include)
    {
        include = QueryParameters.List(parameters, "include");
        var unknown = include.FirstOrDefault(name => !IncludeNames.All.Contains(name));
        return unknown is null ? null : new ApiError(ErrorCode.InvalidValue, $"'include' may name: {string.Join(", ", IncludeNames.All)}.", "include");
    }
}
