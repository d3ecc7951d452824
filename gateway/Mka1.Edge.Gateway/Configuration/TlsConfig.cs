namespace Mka1.Edge.Gateway.Configuration;

/// <summary>The certificate of <c>https</c> addresses, those of clients and of operators. Files that change are taken up while the gateway runs.</summary>
public sealed record TlsConfig
{
    /// <summary>Path of the certificate in PEM, and of those between it and its root behind it.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>Path of its private key in PEM, not encrypted.</summary>
    public string Key { get; init; } = "";

    /// <summary>Seconds between looks at the two files (0.1–3,600).</summary>
    public double LookSeconds { get; init; } = 2;
}
