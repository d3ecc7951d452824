using static Mka1.Edge.Security.Tests.Leaks.CanaryKind;

namespace Mka1.Edge.Security.Tests.Leaks;

/// <summary>Where in the servers each kind may stand. Whatever is not named here may stand nowhere.</summary>
internal static class LeakRules
{
    /// <summary>Columns that are there to hold what was said.</summary>
    private static readonly HashSet<string> Content =
    [
        "postgres response.input", "postgres response.body", "postgres response.metadata", "postgres run.request", "postgres run.context",
        "postgres conversation.metadata", "postgres conversation_item.body", "postgres conversation_item.search_text",
        "postgres prompt.name", "postgres prompt_version.template",
    ];

    private static readonly HashSet<string> WebhookAddresses = ["postgres run.request", "postgres run.webhook_url", "postgres webhook_delivery.url", "postgres webhook_delivery.receiver"];

    /// <summary>Streams that can be resumed.</summary>
    private const string StreamLogs = "redis mka1:log:";

    public static bool Allows(string place, CanaryKind kind) => kind switch
    {
        Prompt or Output or UpstreamFault or Identifier => Content.Contains(place) || place.StartsWith(StreamLogs, StringComparison.Ordinal),
        EndUser => place.EndsWith(".end_user", StringComparison.Ordinal),
        WebhookAddress => WebhookAddresses.Contains(place),
        CanaryKind.IdempotencyKey => place == "postgres idempotency.key",
        Key or WebhookSecret => false,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
