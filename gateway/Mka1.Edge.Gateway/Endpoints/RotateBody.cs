namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>How a key is to be rotated.</summary>
internal sealed record RotateBody
{
    /// <summary>Seconds for which earlier secrets last beside the new one (0–2,592,000).</summary>
    public long? OverlapSeconds { get; init; }
}
