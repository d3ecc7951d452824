namespace Mka1.Edge.Responses;

/// <summary>A kind this version does not know. It passes through untouched; whether anything can serve it is decided by routing.</summary>
public sealed class UnknownItem(string type) : ResponseItem(type);
