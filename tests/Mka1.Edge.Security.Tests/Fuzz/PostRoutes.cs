using System.Net.Http.Headers;

namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>Every route that reads a body, with something for it to work on.</summary>
internal sealed class PostRoutes
{
    private const string Prefix = "/api/v1/llm";

    private readonly Dictionary<string, string> _ids = [];

    private PostRoutes()
    {
    }

    /// <summary>Route, the surface whose bodies it reads, and whether an administrator sends them.</summary>
    public static IReadOnlyList<(string Route, string Surface, bool Admin)> All { get; } =
    [
        ("POST /responses", "create", false),
        ("POST /responses/input_tokens", "create", false),
        ("POST /responses/compact", "create", false),
        ("POST /responses/{id}", "metadata", false),
        ("POST /conversations", "conversation", false),
        ("POST /conversations/{id}", "metadata", false),
        ("POST /conversations/{id}/items", "conversation-items", false),
        ("DELETE /conversations/{id}/items", "item-ids", false),
        ("POST /prompts", "prompt", false),
        ("POST /prompts/{id}", "prompt-update", false),
        ("PATCH /prompts/{id}", "prompt-update", false),
        ("POST /prompts/{id}/versions", "prompt-version", false),
        ("POST /prompts/{id}/rollback", "prompt-rollback", false),
        ("POST /keys", "key", true),
        ("POST /keys/{id}/rotate", "key-rotate", true),
        ("POST /safety/{id}/override", "safety-override", true),
    ];

    /// <summary>Routes that read no body, whatever comes with them.</summary>
    public static IReadOnlyList<string> Bodiless { get; } = ["POST /responses/{id}/cancel", "POST /responses/{id}/webhook_deliveries/{eventId}/redeliver"];

    /// <summary>Makes one of each thing that a route works on.</summary>
    public static async Task<PostRoutes> OfAsync(GatewayFixture gateway)
    {
        var routes = new PostRoutes();
        var (user, admin) = (new ApiClient(gateway, TestKeys.Acme), new ApiClient(gateway, TestKeys.AcmeAdmin));
        routes._ids["responses"] = ApiClient.Id(await user.CallAsync("POST", "/responses", GatewayFixture.Hello(extra: "\"safety_identifier\":\"one\"")));
        routes._ids["conversations"] = ApiClient.Id(await user.CallAsync("POST", "/conversations", "{}"));
        routes._ids["prompts"] = ApiClient.Id(await user.CallAsync("POST", "/prompts", """{"name":"n","template":"t"}"""));
        routes._ids["keys"] = ApiClient.Id(await admin.CallAsync("POST", "/keys", "{}"));
        routes._ids["safety"] = ApiClient.Id(await admin.CallAsync("GET", "/safety/one"));
        return routes;
    }

    /// <summary>The routes that read what a surface reads.</summary>
    public static (string Route, string Surface, bool Admin)[] Of(string surface) => [.. All.Where(route => route.Surface == surface)];

    /// <summary>A request that brings a body to a route.</summary>
    public HttpRequestMessage Request((string Route, string Surface, bool Admin) route, byte[] body)
    {
        var parts = route.Route.Split(' ');
        var resource = parts[1].Split('/')[1];
        var request = new HttpRequestMessage(new HttpMethod(parts[0]), Prefix + parts[1].Replace("{id}", _ids.GetValueOrDefault(resource), StringComparison.Ordinal))
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", route.Admin ? TestKeys.AcmeAdmin : TestKeys.Acme);
        return request;
    }
}
