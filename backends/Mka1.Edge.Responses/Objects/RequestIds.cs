using System.Buffers;

namespace Mka1.Edge.Responses;

/// <summary>The id one HTTP request is known by on both sides: the caller's own when it is fit to be logged, else a new one.</summary>
public static class RequestIds
{
    /// <summary>The header it travels in.</summary>
    public const string Header = "x-request-id";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>
    /// <paramref name="sent"/> when the header came once with 1 to 128 of <c>A-Z a-z 0-9 - _ .</c>; else a new id with 128 random bits.
    /// </summary>
    public static string Choose(IReadOnlyList<string?> sent) =>
        sent is [{ Length: > 0 and <= MaxLength } id] && !id.AsSpan().ContainsAnyExcept(Allowed) ? id : ResponseIds.New("req_");
}
