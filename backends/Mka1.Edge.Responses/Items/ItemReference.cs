namespace Mka1.Edge.Responses;

/// <summary>Kind 23: an item stored earlier, named by its <see cref="ResponseItem.Id"/>.</summary>
public sealed class ItemReference() : ResponseItem(ItemTypes.ItemReference);
