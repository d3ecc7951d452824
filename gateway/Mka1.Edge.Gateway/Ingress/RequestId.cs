using System.Buffers;
using Mka1.Edge.Responses;
using Microsoft.Extensions.Primitives;

namespace Mka1.Edge.Gateway.Ingress;

/// <summary>The id a request is known by: the client's own when it is fit to be logged, else a new one.</summary>
internal static class RequestId
{
    public const string Header = "x-request-id";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static string Of(StringValues sent) =>
        sent is [{ Length: > 0 and <= MaxLength } id] && !id.AsSpan().ContainsAnyExcept(Allowed) ? id : ResponseIds.New("req_");
}
