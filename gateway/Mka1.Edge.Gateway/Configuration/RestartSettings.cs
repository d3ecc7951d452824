using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>
/// The settings that a running gateway cannot change: those that bear <see cref="RestartAttribute"/>. On a whole section it means
/// whether the section is there at all.
/// </summary>
internal static class RestartSettings
{
    private static readonly IReadOnlyList<PropertyInfo> Sections = [.. typeof(EdgeConfig).GetProperties().Where(Marked)];

    private static readonly IReadOnlyList<(PropertyInfo Section, PropertyInfo Setting)> Settings =
    [
        .. from section in typeof(EdgeConfig).GetProperties()
           from setting in section.PropertyType.GetProperties().Where(Marked)
           select (section, setting),
    ];

    /// <summary>Keys of the settings that differ and count after a restart only, in the order of the file.</summary>
    public static IReadOnlyList<string> Between(EdgeConfig old, EdgeConfig now) =>
    [
        .. Settings.Where(at => !Equals(Value(at, old), Value(at, now))).Select(at => $"{Key(at.Section)}.{Key(at.Setting)}"),
        .. Sections.Where(section => section.GetValue(old) is null != section.GetValue(now) is null).Select(Key),
    ];

    /// <summary>A configuration with everything that cannot change as it was at the start.</summary>
    public static EdgeConfig Hold(EdgeConfig started, EdgeConfig now)
    {
        if (Between(started, now).Count == 0) return now;
        var (from, to) = (Json(started), Json(now));
        foreach (var (section, setting) in Settings) to[Key(section)]![Key(setting)] = from[Key(section)]![Key(setting)]?.DeepClone();
        foreach (var section in Sections)
        {
            if (from[Key(section)] is null != to[Key(section)] is null) to[Key(section)] = from[Key(section)]?.DeepClone();
        }

        return to.Deserialize<EdgeConfig>(EdgeConfigJson.Options)!;
    }

    private static bool Marked(PropertyInfo property) => property.IsDefined(typeof(RestartAttribute));

    private static object? Value((PropertyInfo Section, PropertyInfo Setting) at, EdgeConfig config) => at.Setting.GetValue(at.Section.GetValue(config));

    private static JsonNode Json(EdgeConfig config) => JsonSerializer.SerializeToNode(config, EdgeConfigJson.Options)!;

    private static string Key(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
