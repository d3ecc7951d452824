using System.Text;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Tests.Responses;

/// <summary>Responses, runs and endings with fresh ids.</summary>
internal static class Sample
{
    public static Owner NewOwner(string? endUser = "ann") => new("tenant-" + Guid.NewGuid().ToString("N"), endUser);

    /// <summary>All who must not see what is the owner's.</summary>
    public static IEnumerable<Owner> Strangers(Owner owner)
    {
        yield return owner with { TenantId = owner.TenantId + "x" };
        yield return owner with { EndUser = owner.EndUser is null ? "ann" : owner.EndUser + "x" };
        yield return owner with { EndUser = owner.EndUser is null ? "bob" : null };
    }

    public static string NewId(string prefix = "resp") => $"{prefix}_{Guid.NewGuid():N}";

    public static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte>? bytes) => Encoding.UTF8.GetString(bytes!.Value.Span);

    public static StoredResponse Response(Owner owner, StoredStatus status = StoredStatus.Completed, string? previous = null) => new()
    {
        Id = NewId(),
        Owner = owner,
        Status = status,
        CreatedAt = 1_700_000_000,
        PreviousResponseId = previous,
        Input = Json("[]"),
        Body = Json("{}"),
    };

    /// <summary>A response that has ended.</summary>
    public static ResponseAddition Ended(Owner owner, string? previous = null, params string[] items) =>
        new(Response(owner, previous: previous), items);

    /// <summary>A response in the background, queued or held by a replica.</summary>
    public static ResponseAddition Background(Owner owner, string? replica = null, int priority = 0) => new(
        Response(owner, replica is null ? StoredStatus.Queued : StoredStatus.InProgress) with { Background = true },
        [],
        new NewRun("key", "req", replica, priority, Json("""{"input":"hi"}"""), null, null));

    public static RunEnding Ending(
        ResponseAddition addition, int? fence = 0, StoredStatus status = StoredStatus.Completed, string body = """{"status":"done"}""", long? sequence = 7) =>
        new(addition.Response.Owner, addition.Response.Id, fence, status, Json(body), [], sequence);

    public static ConversationAppend Append(string conversationId, string? responseId, params string[] items) =>
        new(conversationId, responseId, [.. items.Select(id => new ConversationItem(id, Json("{}"), "words"))]);

    public static WebhookEvent Webhook(ResponseAddition addition, string type = "response.completed") => new(
        NewId("evt"), addition.Response.Owner, addition.Response.Id, new WebhookTarget("https://hooks.example/x", null), type, Json("{}"));

    public static LedgerEntry Charge(ResponseAddition addition) => new(
        addition.Response.Id, addition.Response.Owner, "key", "model", DateTimeOffset.UnixEpoch, 10, 20, false);
}
