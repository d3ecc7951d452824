namespace Mka1.Edge.Responses;

/// <summary>Where and why bytes are not the JSON we take. <paramref name="IsLocated"/> tells whether the offset leads to a path.</summary>
internal readonly record struct JsonFault(int Offset, string Message, bool IsLocated);
