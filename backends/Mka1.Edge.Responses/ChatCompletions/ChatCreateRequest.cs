namespace Mka1.Edge.Responses;

/// <summary>A chat request, said as a Responses create body.</summary>
/// <param name="Body">UTF-8 JSON, to be parsed as any create body.</param>
/// <param name="IncludeUsage">Whether a stream ends with a chunk that holds the usage.</param>
public sealed record ChatCreateRequest(ReadOnlyMemory<byte> Body, bool IncludeUsage);
