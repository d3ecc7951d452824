using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>Reads what every list takes: <c>limit</c>, <c>order</c>, <c>after</c> and <c>before</c>.</summary>
internal static class PageParameters
{
    private const int DefaultLimit = 20;

    /// <param name="query">The request's query.</param>
    /// <param name="max">Largest page of this list.</param>
    /// <param name="descending">The list's order when the caller names none.</param>
    /// <param name="page">Which part is asked for.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static ApiError? Read(IQueryCollection query, int max, bool descending, out PageQuery page)
    {
        page = new PageQuery(DefaultLimit, descending);
        if (QueryParameters.Integer(query, "limit", 1, max, out var limit) is { } wrongLimit) return wrongLimit;
        if (QueryParameters.Text(query, "order", out var order) is { } wrongOrder) return wrongOrder;
        if (order is not (null or "asc" or "desc")) return new ApiError(ErrorCode.InvalidValue, "'order' must be 'asc' or 'desc'.", "order");
        if (QueryParameters.Text(query, "after", out var after) is { } wrongAfter) return wrongAfter;
        if (QueryParameters.Text(query, "before", out var before) is { } wrongBefore) return wrongBefore;
        page = new PageQuery((int)(limit ?? DefaultLimit), order is null ? descending : order == "desc", after, before);
        return null;
    }

    /// <summary>The refusal of a cursor that the list does not hold, or no longer, or for somebody else only.</summary>
    public static ApiError UnknownCursor(PageQuery page) => (page.After, page.Before) switch
    {
        (not null, not null) => Unknown("'after' or 'before' names", null),
        (null, _) => Unknown("'before' names", "before"),
        _ => Unknown("'after' names", "after"),
    };

    private static ApiError Unknown(string subject, string? param) =>
        new(ErrorCode.InvalidValue, $"{subject} no entry of this list. Begin again without it.", param);
}
