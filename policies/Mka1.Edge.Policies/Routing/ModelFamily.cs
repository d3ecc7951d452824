namespace Mka1.Edge.Policies.Routing;

/// <summary>Variants of one model under one name. The name itself, and each alias, means the default variant.</summary>
public sealed record ModelFamily(
    string Name,
    IReadOnlyList<string> Aliases,
    IReadOnlyDictionary<Tier, ModelVariant> Variants,
    Tier DefaultTier)
{
    /// <summary>The variant served when nobody asks for another.</summary>
    public ModelVariant Default => Variants[DefaultTier];
}
