using Microsoft.AspNetCore.Routing;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>Every way to get at an object: each route that takes an id, and each query and body that may name one.</summary>
public static class AccessPaths
{
    private const string Prefix = "/api/v1/llm";

    /// <summary>A request that says hello, but for its end.</summary>
    private const string Hello = $$"""{"model":"{{GatewayFixture.Family}}","input":"Say hello.",""";

    /// <summary>What <c>{id}</c> stands for below each resource.</summary>
    private static readonly Dictionary<string, ObjectKind> Resources = new()
    {
        ["responses"] = ObjectKind.Response,
        ["conversations"] = ObjectKind.Conversation,
        ["prompts"] = ObjectKind.Prompt,
        ["keys"] = ObjectKind.Key,
        ["safety"] = ObjectKind.SafetySubject,
    };

    /// <summary>What each route but plain reads sends and does. A route that is not here has no case, and a test says so.</summary>
    private static readonly Dictionary<string, (string? Body, Effect Effect, string? Address)> Changes = new()
    {
        ["POST /responses/{id}"] = ("""{"metadata":{"seen":"yes"}}""", Effect.Changes, null),
        ["DELETE /responses/{id}"] = (null, Effect.Deletes, null),
        ["POST /responses/{id}/cancel"] = (null, Effect.Cancels, null),
        ["POST /responses/{id}/webhook_deliveries/{eventId}/redeliver"] = (null, Effect.Changes, null),
        ["POST /conversations/{id}"] = ("""{"metadata":{"seen":"yes"}}""", Effect.Changes, null),
        ["DELETE /conversations/{id}"] = (null, Effect.Deletes, null),
        ["POST /conversations/{id}/items"] = ("""{"items":[{"role":"user","content":"Intruder."}]}""", Effect.Changes, null),
        ["DELETE /conversations/{id}/items"] = ("""{"item_ids":["{oneItemId}"]}""", Effect.DeletesPart, null),
        ["DELETE /conversations/{id}/items/{itemId}"] = (null, Effect.DeletesPart, "/conversations/{id}/items/{otherItemId}"),
        ["POST /prompts/{id}"] = ("""{"name":"seen"}""", Effect.Changes, null),
        ["PATCH /prompts/{id}"] = ("""{"name":"seen"}""", Effect.Changes, null),
        ["DELETE /prompts/{id}"] = (null, Effect.Deletes, null),
        ["POST /prompts/{id}/versions"] = ("""{"template":"Intruder."}""", Effect.Changes, null),
        ["POST /keys/{id}/rotate"] = ("""{"overlap_seconds":60}""", Effect.Changes, null),
        ["DELETE /keys/{id}"] = (null, Effect.Deletes, null),
        ["POST /safety/{id}/override"] = ("""{"rung":"warn","reason":"Seen."}""", Effect.Changes, null),
        ["DELETE /safety/{id}/override"] = (null, Effect.Deletes, null),
        ["POST /prompts/{id}/rollback"] = ("""{"version":1}""", Effect.Changes, null),
    };

    /// <summary>Routes whose body may refer to what is stored.</summary>
    private static readonly string[] Referring = ["POST /responses", "POST /responses/compact", "POST /responses/input_tokens"];

    /// <summary>Routes that name nothing of anybody's.</summary>
    private static readonly HashSet<string> Harmless =
    [
        "GET /healthz", "GET /readyz", "GET /models", "GET /models/{**id}", "GET /responses", "POST /conversations", "GET /conversations", "POST /prompts", "GET /prompts",
        "POST /keys", "GET /keys", "GET /safety/audit",
    ];

    /// <summary>The ways that routes alone do not show.</summary>
    private static readonly IReadOnlyList<AccessPath> Others =
    [
        new(ObjectKind.Response, "GET", "/responses/{id}?stream=true"),
        new(ObjectKind.Response, "GET", "/responses/{id}?stream=true&starting_after=0"),
        new(ObjectKind.Response, "HEAD", "/responses/{id}"),
        new(ObjectKind.Response, "PUT", "/responses/{id}", "{}"),
        new(ObjectKind.Response, "GET", "/responses/{id}/input_items?order=asc&limit=1"),
        .. Cursors(ObjectKind.Response, "/responses"),
        .. Cursors(ObjectKind.InputItem, "/responses/{own.response}/input_items"),
        .. Cursors(ObjectKind.Conversation, "/conversations"),
        new(ObjectKind.ConversationItem, "GET", "/conversations/{own.conversation}/items/{id}"),
        new(ObjectKind.ConversationItem, "DELETE", "/conversations/{own.conversation}/items/{id}", null, Effect.DeletesPart),
        .. Cursors(ObjectKind.ConversationItem, "/conversations/{own.conversation}/items"),
        .. Cursors(ObjectKind.Prompt, "/prompts"),
        .. Cursors(ObjectKind.Key, "/keys"),
        .. Cursors(ObjectKind.PromptVersion, "/prompts/{own.prompt}/versions"),
        new(ObjectKind.WebhookEvent, "POST", "/responses/{own.response}/webhook_deliveries/{id}/redeliver", null, Effect.Changes),
        new(ObjectKind.KeyOfThis, "POST", "/responses", KeyedBody),
        new(ObjectKind.KeyOfAnother, "POST", "/responses", KeyedBody),
    ];

    /// <summary>What a new response may refer to.</summary>
    private static readonly IReadOnlyList<AccessPath> References =
    [
        Reference(ObjectKind.Response, "\"previous_response_id\":\"{id}\""),
        Reference(ObjectKind.Response, "\"previous_response_id\":\"{id}\",\"stream\":true"),
        Reference(ObjectKind.Response, "\"previous_response_id\":\"{id}\",\"store\":false"),
        Reference(ObjectKind.OutputItem, "\"store\":true", """[{"type":"item_reference","id":"{id}"},{"role":"user","content":"Go on."}]"""),
        Reference(ObjectKind.InputItem, "\"store\":true", """[{"type":"item_reference","id":"{id}"},{"role":"user","content":"Go on."}]"""),
        Reference(ObjectKind.Conversation, "\"conversation\":\"{id}\""),
        Reference(ObjectKind.Conversation, "\"conversation\":{\"id\":\"{id}\"}"),
        Reference(ObjectKind.Conversation, "\"conversation\":\"{id}\",\"stream\":true"),
        Reference(ObjectKind.ConversationItem, "\"store\":true", """[{"type":"item_reference","id":"{id}"},{"role":"user","content":"Go on."}]"""),
        Reference(ObjectKind.Prompt, "\"prompt\":{\"id\":\"{id}\"}"),
        Reference(ObjectKind.Prompt, "\"prompt\":{\"id\":\"{id}\",\"version\":\"1\"}"),
    ];

    /// <summary>What an owner sends with an <see cref="ObjectKind.KeyOfThis"/>.</summary>
    public static string KeyedBody => Hello + "\"metadata\":{\"of\":\"this\"}}";

    /// <summary>What an owner sends with an <see cref="ObjectKind.KeyOfAnother"/>.</summary>
    public static string OtherBody => Hello + "\"metadata\":{\"of\":\"another\"}}";

    /// <summary>The ways into a gateway, by its route table.</summary>
    /// <param name="routes">Its routes.</param>
    /// <param name="unknown">Routes that no case is known for.</param>
    /// <param name="gone">Routes that cases are known for and that are not there.</param>
    public static IReadOnlyList<AccessPath> Of(IEndpointRouteBuilder routes, out IReadOnlyList<string> unknown, out IReadOnlyList<string> gone)
    {
        var names = routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().SelectMany(Names).Distinct().ToList();
        var paths = new List<AccessPath>(Others);
        foreach (var name in names.Where(Referring.Contains)) paths.AddRange(References.Select(path => path with { Address = name["POST ".Length..] }));
        var missing = new List<string>();
        foreach (var name in names.Where(name => !Harmless.Contains(name) && !Referring.Contains(name)))
        {
            if (PathOf(name) is { } path) paths.Add(path);
            else missing.Add(name);
        }

        unknown = missing;
        gone = [.. Harmless.Concat(Changes.Keys).Except(names)];
        return paths;
    }

    private static AccessPath? PathOf(string route)
    {
        var (method, address) = (route[..route.IndexOf(' ', StringComparison.Ordinal)], route[(route.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        if (!address.Contains("/{id}", StringComparison.Ordinal) || !Resources.TryGetValue(address.Split('/')[1], out var kind)) return null;
        if (Changes.TryGetValue(route, out var change)) return new AccessPath(kind, method, change.Address ?? address, change.Body, change.Effect);
        return method == "GET" ? new AccessPath(kind, method, address) : null;
    }

    private static IEnumerable<string> Names(RouteEndpoint endpoint)
    {
        var text = "/" + (endpoint.RoutePattern.RawText ?? "").Trim('/');
        var address = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        return (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"]).Select(method => $"{method} {address}");
    }

    private static AccessPath[] Cursors(ObjectKind kind, string list) =>
        [new(kind, "GET", list + "?after={id}"), new(kind, "GET", list + "?before={id}&limit=5"), new(kind, "GET", list + "?after={id}&before={id}&order=asc")];

    private static AccessPath Reference(ObjectKind kind, string fields, string? input = null) => new(
        kind, "POST", "/responses", $"{(input is null ? Hello : Hello.Replace("\"Say hello.\"", input, StringComparison.Ordinal))}{fields}}}", Effect.Changes)
    {
        IsReference = true,
    };
}
