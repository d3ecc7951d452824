namespace Mka1.Edge.Gateway.Configuration;

/// <summary>One model server.</summary>
public sealed record DestinationConfig
{
    /// <summary>Base address, such as <c>http://127.0.0.1:8101/</c>.</summary>
    public string Address { get; init; } = "";

    /// <summary>The gateway's own credential for this server, sent as a bearer token; null for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Its share of the work, measured by the weights of the others (0–10,000); with 0 it gets none.</summary>
    public int Weight { get; init; } = 100;

    /// <summary>Whether it is taken out: it gets nothing new and finishes what it has.</summary>
    public bool Drain { get; init; }
}
