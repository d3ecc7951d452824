using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>What a run's input came to, once everything it refers to has been looked up.</summary>
/// <param name="Items">The request's own input items as a JSON array, each with an id: what is stored and listed.</param>
/// <param name="ItemIds">Ids of <paramref name="Items"/>, in order.</param>
/// <param name="Context">The JSON array the model gets as its input; null when that is the request's own <c>input</c>, byte for byte.</param>
/// <param name="Input">The items the model gets, parsed: what routing looks at.</param>
/// <param name="Compaction">
/// The compaction item that stands for what was left out of <paramref name="Context"/>, as JSON: the first item of the
/// response's output. Null when nothing was compacted.
/// </param>
/// <param name="RoutedModel">The variant that auto_routing last gave this conversation; null when there is none, or nobody asks.</param>
internal sealed record RunHistory(
    ReadOnlyMemory<byte> Items,
    IReadOnlyList<string> ItemIds,
    ReadOnlyMemory<byte>? Context,
    IReadOnlyList<ResponseItem> Input,
    ReadOnlyMemory<byte>? Compaction = null,
    string? RoutedModel = null);
