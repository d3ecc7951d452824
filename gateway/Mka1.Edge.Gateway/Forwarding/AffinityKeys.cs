using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Balancing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// What a request is kept together with others by, so that they meet the prompt that a model server has computed already: never across
/// tenants and end users, for those share no cache (<see cref="CacheScope"/>).
/// </summary>
internal static class AffinityKeys
{
    /// <summary>A conversation's beginning tells it from others; the rest of a long message adds nothing.</summary>
    private const int MaxCharacters = 1024;

    /// <summary>The key; null where none is needed.</summary>
    public static AffinityKey? Of(ResponseRun run, ModelPool pool)
    {
        if (pool.Config.Balancing.Policy != BalancingPolicy.Affinity || pool.Destinations.Count < 2) return null;
        var scope = Affinity.IdOf(run.CacheKey);
        if (run.Request.PromptCacheKey is not null) return new AffinityKey(scope, Binds: true);
        if (run.Request.Conversation is { } conversation) return new AffinityKey(Affinity.Mix(scope ^ Affinity.IdOf(conversation)), Binds: true);

        // The ids of a chain differ from turn to turn; how its context begins does not.
        var beginning = run.History.Input is [MessageItem first, ..] ? TextOf(first) : "";
        var hash = Affinity.Mix(scope ^ Affinity.IdOf(beginning.Length <= MaxCharacters ? beginning : beginning[..MaxCharacters]));
        return new AffinityKey(hash, Binds: run.Request.PreviousResponseId is not null);
    }

    private static string TextOf(MessageItem message) => message.Content switch
    {
        [InputTextPart only, ..] => only.Text.Value ?? "",
        [OutputTextPart only, ..] => only.Text.Value ?? "",
        _ => "",
    };
}
