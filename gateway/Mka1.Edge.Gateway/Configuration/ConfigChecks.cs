using System.Numerics;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>What the checks of every section share: each adds a fault that names its key.</summary>
internal static class ConfigChecks
{
    /// <summary>JSON may hold null where C# cannot forbid it: as an entry of a map or a list.</summary>
    public static bool Present(string key, object? entry, List<string> faults)
    {
        if (entry is not null) return true;
        faults.Add($"{key}: null is no value here. Leave the entry out.");
        return false;
    }

    /// <summary>YARP tells names apart without regard to case, so two that differ in nothing else would be one.</summary>
    public static void Spelling(string key, IEnumerable<string> names, List<string> faults)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (!seen.TryAdd(name, name)) faults.Add($"{key}.{name}: differs from '{seen[name]}' only in case.");
        }
    }

    public static void Range<T>(List<string> faults, string key, T value, T min, T max)
        where T : INumber<T>
    {
        if (!(value >= min && value <= max)) faults.Add($"{key}: {value} is outside {min} to {max}.");
    }
}
