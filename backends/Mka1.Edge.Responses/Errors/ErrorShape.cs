namespace Mka1.Edge.Responses;

/// <summary>How one <see cref="ErrorCode"/> looks on the wire.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">The envelope's <c>type</c>.</param>
/// <param name="Code">The envelope's <c>code</c>.</param>
public readonly record struct ErrorShape(int Status, string Type, string Code);
