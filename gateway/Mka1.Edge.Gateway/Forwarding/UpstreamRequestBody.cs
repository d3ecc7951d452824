using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// The body a model server gets: the client's bytes, with the model's upstream name put in and everything taken out that is
/// the gateway's own business. What the gateway does not know stays as it came.
/// </summary>
internal static class UpstreamRequestBody
{
    private static readonly byte[] False = "false"u8.ToArray();
    private static readonly byte[] True = "true"u8.ToArray();

    /// <summary>Asks for the answer as a whole, whatever the client asked for.</summary>
    public static IReadOnlyList<JsonEdit> NoStream { get; } = [JsonEdit.Remove("stream"), JsonEdit.Remove("stream_options")];

    /// <summary>
    /// Fields that are the gateway's: state, identity, routing, notification. A model server must neither act on them nor
    /// learn who the caller is. A <c>cache_salt</c> of the client's own goes too: whose prompts share a cache, <see cref="CacheScope"/> says.
    /// </summary>
    private static readonly JsonEdit[] GatewayOwned =
    [
        .. new[]
        {
            "background", "webhook_url", "webhook_secret", "previous_response_id", "conversation", "prompt",
            "auto_routing", "auto_routing_debug", "metadata", "safety_identifier", "user", "cache_salt", "context_management",
        }.Select(JsonEdit.Remove),
    ];

    public static byte[] Build(ResponseRun run)
    {
        var model = JsonSerializer.SerializeToUtf8Bytes(run.Route.Variant.UpstreamModel, JsonTextContext.Default.String);
        var edits = new List<JsonEdit>(GatewayOwned.Length + 4)
        {
            JsonEdit.Set("model", model),
            JsonEdit.Set("store", False),
            CacheScope.EditOf(run),
        };
        edits.AddRange(GatewayOwned);
        if (UpstreamReasoning.Replacement(run) is { } reasoning) edits.Add(JsonEdit.Set("reasoning", reasoning));
        edits.AddRange(run.Reservation?.Edits ?? []);
        if (run.UpstreamStreams) edits.Add(JsonEdit.Set("stream", True));
        if (run.History.Context is { } context) edits.Add(JsonEdit.Set("input", context));
        return JsonSplice.Apply(run.Request.Raw.Span, [.. edits]);
    }
}
