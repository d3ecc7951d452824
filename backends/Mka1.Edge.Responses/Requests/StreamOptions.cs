namespace Mka1.Edge.Responses;

/// <summary>The <c>stream_options</c> object.</summary>
public sealed record StreamOptions
{
    /// <summary>Whether delta events carry random padding; null when the caller did not say.</summary>
    public bool? IncludeObfuscation { get; init; }
}
