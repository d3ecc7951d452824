namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>FNV-1a over UTF-16 code units with a final mix: the hash by which weights are found. Its name stands in the weights file.</summary>
internal static class TextHash
{
    public const string Name = "fnv1a32-utf16-mix1";
    public const uint Seed = 2166136261;

    public static uint Step(uint hash, uint unit) => unchecked((hash ^ unit) * 16777619);

    /// <summary>Of a pair of words, from the hashes of both.</summary>
    public static uint Pair(uint first, uint second) => unchecked((Step(first, ' ') ^ second) * 16777619);

    /// <summary>Spreads the hash over all its bits.</summary>
    public static uint Mix(uint hash)
    {
        unchecked
        {
            hash ^= hash >> 15;
            hash *= 0x2C1B3C6D;
            hash ^= hash >> 12;
            hash *= 0x297A2D39;
            return hash ^ (hash >> 15);
        }
    }
}
