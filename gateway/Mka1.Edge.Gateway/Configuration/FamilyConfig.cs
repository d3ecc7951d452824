namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Variants of one model under one name.</summary>
public sealed record FamilyConfig
{
    /// <summary>Further names that mean this family.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The variant a family name means without <c>auto_routing</c>: <c>quantized</c>, <c>moe</c> or <c>dense</c>.</summary>
    public string Default { get; init; } = "";

    /// <summary>Its variants by tier: <c>quantized</c>, <c>moe</c>, <c>dense</c>.</summary>
    public IReadOnlyDictionary<string, VariantConfig> Variants { get; init; } = new Dictionary<string, VariantConfig>();
}
