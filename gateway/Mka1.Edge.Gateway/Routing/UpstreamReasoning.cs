using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>The reasoning effort a run goes with: the client's, else with auto_routing the one its tier implies.</summary>
internal static class UpstreamReasoning
{
    /// <summary>The effort's wire name; null when nobody chose one.</summary>
    public static string? Effort(ResponseRun run) =>
        run.Request.Reasoning?.Effort is not null
            ? run.Request.Root.GetProperty("reasoning"u8).GetProperty("effort"u8).GetString()
            : run.Route.Complexity?.DesiredTier.ReasoningEffort();

    /// <summary>The <c>reasoning</c> object to forward in place of the client's; null to leave it as it came.</summary>
    public static byte[]? Replacement(ResponseRun run)
    {
        if (run.Request.Reasoning?.Effort is not null || run.Route.Complexity is not { } complexity) return null;
        var effort = JsonEdit.Set("effort", JsonSerializer.SerializeToUtf8Bytes(complexity.DesiredTier.ReasoningEffort(), JsonTextContext.Default.String));
        var sent = run.Request.Root.TryGetProperty("reasoning"u8, out var reasoning) && reasoning.ValueKind == JsonValueKind.Object
            ? System.Text.Encoding.UTF8.GetBytes(reasoning.GetRawText())
            : "{}"u8.ToArray();
        return JsonSplice.Apply(sent, effort);
    }
}
