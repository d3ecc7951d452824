using System.Collections.Frozen;

namespace Mka1.Edge.Policies.Routing;

/// <summary>Every model name that clients may send, and what it stands for.</summary>
public sealed class ModelCatalog
{
    private readonly FrozenDictionary<string, CatalogEntry> _entries;

    /// <exception cref="ArgumentException">Two families or variants share a name.</exception>
    public ModelCatalog(IEnumerable<ModelFamily> families)
    {
        var entries = new Dictionary<string, CatalogEntry>(StringComparer.Ordinal);
        foreach (var family in families)
        {
            foreach (var name in family.Aliases.Prepend(family.Name)) entries.Add(name, new CatalogEntry(name, family, null));
            foreach (var variant in family.Variants.Values) entries.TryAdd(variant.Model, new CatalogEntry(variant.Model, family, variant));
        }

        Variants = [.. entries.Values.SelectMany(entry => entry.Family.Variants.Values).Distinct()];
        _entries = entries.ToFrozenDictionary(StringComparer.Ordinal);
        Names = [.. _entries.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Every variant of every family, once.</summary>
    public IReadOnlyList<ModelVariant> Variants { get; }

    /// <summary>All names in ordinal order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What <paramref name="name"/> stands for; null when no model has that name.</summary>
    public CatalogEntry? Find(string name) => _entries.GetValueOrDefault(name);
}
