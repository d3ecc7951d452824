using Mka1.Edge.Gateway.Endpoints;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.Ingress;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>
/// The way of a request. The stages stand here in order, and nowhere else:
/// <list type="number">
/// <item>Ingress: request id, framing, the one envelope for every fault.</item>
/// <item>Identity: bearer key to tenant, key and scopes, X-On-Behalf-Of to end user.</item>
/// <item>Quota: request rate and concurrency of key, tenant and end user; budgets that are used up.</item>
/// <item>Intake: one pass over the body, parse and validate. Only callers that passed 2 and 3 can make us parse.</item>
/// <item>Safety: rules, and where the subject stands on the ladder.</item>
/// <item>History: what the request refers to.</item>
/// <item>Routing: family, auto_routing and capabilities to a variant and its pool.</item>
/// <item>Quota again: tokens and cost are set aside before any work is done. Then, where context_management asks for it, Compaction.</item>
/// <item>Forwarding: YARP to a destination; its answer comes back through Streaming.</item>
/// <item>Settlement: on every exit.</item>
/// </list>
/// </summary>
internal static class EdgePipeline
{
    public static void Use(WebApplication app)
    {
        app.UseMiddleware<RequestTelemetryMiddleware>();
        app.UseMiddleware<IngressMiddleware>();  // 1
        LogScopeMiddleware.UseIfAsked(app);
        app.UseRouting();
        app.UseCors();                           // For web pages: what a browser asks before it calls has no key.
        app.UseMiddleware<IdentityMiddleware>(); // 2
        app.UseRateLimiter();                    // 3

        HealthEndpoints.Map(app);
        var api = app.MapGroup("/api/v1/llm");
        ModelEndpoints.Map(api.Of(EndpointScope.Models));
        ResponseEndpoints.Map(api.Of(EndpointScope.Responses));      // 4 to 10: RunPipeline
        WebhookEndpoints.Map(api.Of(EndpointScope.Webhooks));
        ConversationEndpoints.Map(api.Of(EndpointScope.Conversations));
        PromptEndpoints.Map(api.Of(EndpointScope.Prompts));
        CompactEndpoints.Map(api.Of(EndpointScope.Responses));       // 4 to 8 and 10, with a question of its own in place of 9
        InputTokensEndpoints.Map(api.Of(EndpointScope.Responses));   // 4 to 7
        KeyEndpoints.Map(api.Of(EndpointScope.Keys));
        SafetyEndpoints.Map(api.Of(EndpointScope.Safety));
        app.MapReverseProxy();
    }
}
