namespace Mka1.Edge.Responses;

/// <summary>What parsing came to: a request, or the first fault in it.</summary>
public abstract record ParseResult<T>
{
    private ParseResult()
    {
    }

    /// <summary>Every rule holds.</summary>
    public sealed record Parsed(T Request) : ParseResult<T>;

    /// <summary>The first fault, in document order.</summary>
    public sealed record Refused(ApiError Error) : ParseResult<T>;
}
