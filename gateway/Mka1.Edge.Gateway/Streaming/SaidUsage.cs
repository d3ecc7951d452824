using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>Tells a client the usage it is billed for, also where the model server did not say any.</summary>
internal static class SaidUsage
{
    /// <summary>The response with the gateway's own count; the same one when it has a usage, or failed.</summary>
    public static ResponseObject In(ResponseRun run, ResponseObject response, RunQuota quota)
    {
        if (response.Usage is not null || response.Status is ResponseStatus.Failed) return response;
        var counted = quota.UsageOf(run);
        return response with { Usage = Usage.Of(counted.InputTokens, counted.OutputTokens) };
    }
}
