using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Runs;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>Makes a run again from what the store holds of it, so that any replica can work it off.</summary>
internal sealed class RunRevival(EdgeConfiguration configuration, KeyDirectory keys, RoutingStage routing, RunQuota quota, TimeProvider clock)
{
    /// <summary>The run, ready to be forwarded; or why it cannot be.</summary>
    public async ValueTask<(ResponseRun Run, ApiError? Refusal)> ReviveAsync(StoredRun stored)
    {
        var (response, noted) = (stored.Response, stored.Run);
        var snapshot = configuration.Current;
        var key = keys.Ring.FindById(response.Owner.TenantId, noted.KeyId)?.Lasting;
        var grant = key?.Grant;
        var run = new ResponseRun(
            response.Id,
            noted.RequestId,
            snapshot,
            new Caller(grant ?? new KeyGrant(response.Owner.TenantId, noted.KeyId, new HashSet<string>()), response.Owner.EndUser, noted.Delegation),
            DateTimeOffset.FromUnixTimeSeconds(response.CreatedAt),
            clock.GetTimestamp());

        if (RequestParser.ParseCreate(noted.Request, defaults: snapshot.Defaults) is not ParseResult<CreateResponseRequest>.Parsed request)
            return (run, new ApiError(ErrorCode.ServerError, "The request as it was stored cannot be read. Send it again."));
        run.Request = request.Request;
        run.SafetyRung = SafetyHeader.RungIn(response.Body);
        run.History = new RunHistory(response.Input, [], noted.Context, Effective(run.Request, noted.Context), RoutedModel: RoutedBefore.ModelOf(response.Body));

        // After the request has been read, so that whoever is told of the end is told with its parameters.
        var refusal = await routing.RunAsync(run, CancellationToken.None);
        if (run.Route is not null && key is not null) quota.Resume(run, snapshot.QuotaOf(key, run.Caller));
        run.Envelope ??= ResponseEcho.Skeleton(run.Request, run.Id, response.CreatedAt);
        return (run, grant is null || grant.ExpiresAt <= clock.GetUtcNow()
            ? new ApiError(ErrorCode.InvalidApiKey, "The API key that this response was asked for with is no longer valid.")
            : refusal);
    }

    private static IReadOnlyList<ResponseItem> Effective(CreateResponseRequest request, ReadOnlyMemory<byte>? context)
    {
        if (context is not { } input) return request.Input;
        var whole = JsonSplice.Apply(request.Raw.Span, JsonEdit.Set("input", input));
        return RequestParser.ParseCreate(whole) is ParseResult<CreateResponseRequest>.Parsed parsed ? parsed.Request.Input : request.Input;
    }
}
