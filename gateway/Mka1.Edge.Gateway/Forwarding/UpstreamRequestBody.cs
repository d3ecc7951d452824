using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// The body a model server gets: the client's bytes, with the model's upstream name put in and everything taken out that is
/// the gateway's own business. What the gateway does not know stays as it came.
/// </summary>
internal static class UpstreamRequestBody
{
    /// <summary>
    /// Fields that are the gateway's: state, identity, routing, notification. A model server must neither act on them nor
    /// learn who the caller is. <c>prompt_cache_key</c> goes too, since a raw key would be shared between tenants.
    /// </summary>
    private static readonly string[] GatewayOwned =
    [
        "background", "webhook_url", "webhook_secret", "previous_response_id", "conversation", "prompt",
        "auto_routing", "auto_routing_debug", "metadata", "safety_identifier", "user", "prompt_cache_key", "service_tier",
    ];

    public static ReadOnlyMemory<byte> Build(ResponseRun run)
    {
        var splice = new JsonSplice(run.Request.Raw).SetString("model", run.Route.Variant.UpstreamModel).SetRaw("store", "false"u8.ToArray());
        foreach (var name in GatewayOwned) splice.Remove(name);
        if (run.ExpandedInput is { } input) splice.SetRaw("input", input);
        if (run.Route.Complexity is { } complexity && run.Request.Reasoning?.Effort is null) { _ = complexity; }
        return splice.ToBytes();
    }
}
