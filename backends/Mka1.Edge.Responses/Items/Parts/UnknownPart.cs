namespace Mka1.Edge.Responses;

/// <summary>A part of a kind this version does not know; it only ever comes from a model server.</summary>
public sealed class UnknownPart(string type) : ContentPart(type);
