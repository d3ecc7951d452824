using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Responses;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>Finds the response that an address names, for its owner only.</summary>
internal static class OwnedResponse
{
    /// <summary>One refusal for whatever the caller cannot see, so that it tells nothing about what others have.</summary>
    public static readonly ApiError NotFound =
        new(ErrorCode.NotFound, "There is no such response. It may have been deleted, or was created with store false, by another tenant or for another end user.");

    /// <summary>The caller's response; null when the refusal has been sent.</summary>
    public static async ValueTask<StoredResponse?> FindAsync(HttpContext http, string id, IResponseStore responses)
    {
        if (!ResponseIds.IsWellFormedResponseId(id))
        {
            await http.RefuseAsync(new ApiError(ErrorCode.InvalidValue, "A response id is 'resp_' and letters and digits.", "response_id"));
            return null;
        }

        var found = await responses.FindAsync(http.Caller().Owner, id, http.RequestAborted);
        if (found is null) await http.RefuseAsync(NotFound);
        return found;
    }
}
