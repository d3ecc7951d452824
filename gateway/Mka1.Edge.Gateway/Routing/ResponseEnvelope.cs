using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>The gateway's part of the response object: everything but output, usage and outcome.</summary>
internal static class ResponseEnvelope
{
    public static ResponseObject Of(ResponseRun run)
    {
        var request = run.Request;
        var skeleton = ResponseEcho.Skeleton(request, run.Id, run.CreatedAt.ToUnixTimeSeconds());
        var complexity = run.Route.Complexity;
        if (complexity is null && run.SafetyRung == SafetyRung.Allow) return skeleton;

        var metadata = new Dictionary<string, string>(request.Metadata, StringComparer.Ordinal);
        if (run.SafetyRung > SafetyRung.Allow) metadata[SafetyHeader.MetadataKey] = run.SafetyRung.Name();
        if (complexity is { } judged)
        {
            metadata["routed_model"] = run.Route.Variant.Model;
            if (request.AutoRoutingDebug) metadata["auto_routing_debug"] = Debug(run, judged);
        }

        return skeleton with { Metadata = metadata };
    }

    /// <summary>Compact JSON with the documented keys in their documented order (contract: auto_routing).</summary>
    private static string Debug(ResponseRun run, ComplexityScore complexity)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("requested_model"u8, run.Request.Model);
            json.WriteString("routed_model"u8, run.Route.Variant.Model);
            json.WriteString("desired_tier"u8, complexity.DesiredTier.Name());
            json.WriteString("reasoning_effort"u8, UpstreamReasoning.Effort(run));
            json.WriteNumber("score"u8, complexity.Score);
            json.WriteStartArray("reasons"u8);
            foreach (var reason in complexity.Reasons) json.WriteStringValue(reason);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
