namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Which web pages may call the API from a browser. Left out: none.</summary>
public sealed record CorsConfig
{
    /// <summary>Origins of such pages, such as <c>https://app.example.com</c>; <c>*</c> for any.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Whether a browser may send cookies and client certificates along; never together with the origin <c>*</c>. Keys need it not.</summary>
    public bool Credentials { get; init; }

    /// <summary>Seconds for which a browser remembers what it was allowed (0–86,400).</summary>
    public int MaxAgeSeconds { get; init; } = 600;
}
