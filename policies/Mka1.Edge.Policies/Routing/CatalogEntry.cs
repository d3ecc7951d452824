namespace Mka1.Edge.Policies.Routing;

/// <summary>A model name: of a family (<paramref name="Variant"/> is null) or of one variant.</summary>
public sealed record CatalogEntry(string Name, ModelFamily Family, ModelVariant? Variant);
