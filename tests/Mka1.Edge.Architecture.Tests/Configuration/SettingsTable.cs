using System.Text;
using System.Text.Json.Nodes;

namespace Mka1.Edge.Architecture.Tests.Configuration;

/// <summary>The table of every setting in <c>config/SETTINGS.md</c>, made from the schema.</summary>
internal static class SettingsTable
{
    public const string Path = "config/SETTINGS.md";

    private const string Begin = "<!-- Settings: written by a test, see tests/README.md -->\n";
    private const string End = "<!-- End of settings -->\n";

    /// <summary>The page with its table as <paramref name="schema"/> has it.</summary>
    public static string Apply(string page, JsonObject schema)
    {
        var from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = page.IndexOf(End, StringComparison.Ordinal);
        if (from < Begin.Length || to < from) throw new InvalidOperationException($"{Path} must hold the lines {Begin.Trim()} and {End.Trim()}.");

        var table = new StringBuilder("| setting | default | bounds | meaning |\n|---|---|---|---|\n");
        Rows(schema, "", table);
        return page[..from] + table + page[to..];
    }

    private static void Rows(JsonObject schema, string prefix, StringBuilder table)
    {
        foreach (var (name, value) in (JsonObject?)schema["properties"] ?? [])
        {
            var (path, setting) = (prefix + name, (JsonObject)value!);
            var (inner, innerPath) = Inner(setting, path);
            if (inner["properties"] is null)
            {
                var standard = setting["default"] is { } given ? $"`{given.ToJsonString()}`" : "–";
                var bounds = setting["minimum"] is { } min ? $"{min}–{setting["maximum"]}" : inner["enum"] is JsonArray names ? string.Join(", ", names.Where(n => n is not null)) : "–";
                table.Append($"| `{path}` | {standard} | {bounds} | {setting["description"]} |\n");
            }
            else
            {
                Rows(inner, innerPath + ".", table);
            }
        }
    }

    /// <summary>What a map or a list holds, seen through as many of them as there are.</summary>
    private static (JsonObject Schema, string Path) Inner(JsonObject schema, string path) => schema switch
    {
        _ when schema["additionalProperties"] is JsonObject values => Inner(values, path + ".*"),
        _ when schema["items"] is JsonObject items => Inner(items, path + "[]"),
        _ => (schema, path),
    };
}
