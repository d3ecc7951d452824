namespace Mka1.Edge.Inference.Constraints;

/// <summary>The keys an object has so far; a list that grows at the front, so that alternatives share what they have in common.</summary>
internal sealed record SeenKeys(MapKeyState Key, SeenKeys? Earlier)
{
    public int Count { get; } = (Earlier?.Count ?? 0) + 1;

    public static bool Contains(SeenKeys? seen, MapKeyState key)
    {
        for (; seen is not null; seen = seen.Earlier)
        {
            if (seen.Key.SameAs(key))
                return true;
        }
        return false;
    }
}
