using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Responses;

/// <summary>A response as the store holds it. Bodies are JSON as bytes: any Unicode survives, U+0000 included.</summary>
public sealed record StoredResponse
{
    public required string Id { get; init; }

    public required Owner Owner { get; init; }

    public required StoredStatus Status { get; init; }

    public bool Background { get; init; }

    /// <summary>Unix seconds, as the response says.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When the store took it in, by the store's own clock; lists are ordered by it. Set by the store.</summary>
    public DateTimeOffset StoredAt { get; init; }

    public string? PreviousResponseId { get; init; }

    public string? ConversationId { get; init; }

    /// <summary>JSON array of the response's own input items, each with an id.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The response object.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>JSON object that stands in place of the body's <c>metadata</c>; null when nobody changed it.</summary>
    public ReadOnlyMemory<byte>? Metadata { get; init; }

    /// <summary>Number of the stream's terminal event; null while there is none, and for answers that were no stream.</summary>
    public long? TerminalSequence { get; init; }

    /// <summary>Whether nothing more will happen to it.</summary>
    public bool IsTerminal => Status >= StoredStatus.Completed;
}
