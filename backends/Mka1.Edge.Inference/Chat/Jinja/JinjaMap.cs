namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>A mapping, in the order its entries were made; the keys keep their marks.</summary>
internal sealed class JinjaMap : OrderedDictionary<MarkedText, object?>;
