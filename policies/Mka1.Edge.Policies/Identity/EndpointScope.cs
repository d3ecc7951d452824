namespace Mka1.Edge.Policies.Identity;

/// <summary>The part of the API that a route belongs to, as the scopes of keys name it.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="AdminOnly">Whether only keys with the admin scope may use it.</param>
public sealed record EndpointScope(string Name, bool AdminOnly = false)
{
    public static readonly EndpointScope Models = new("models");
    public static readonly EndpointScope Responses = new("responses");
    public static readonly EndpointScope Conversations = new("conversations");
    public static readonly EndpointScope Prompts = new("prompts");
    public static readonly EndpointScope Webhooks = new("webhooks");
    public static readonly EndpointScope Keys = new("keys", AdminOnly: true);
    public static readonly EndpointScope Safety = new("safety", AdminOnly: true);

    /// <summary>Every name a key's <c>endpoints</c> may hold.</summary>
    public static readonly IReadOnlyList<string> Names =
        [Responses.Name, Conversations.Name, Prompts.Name, Models.Name, Webhooks.Name, Keys.Name, Safety.Name];
}
