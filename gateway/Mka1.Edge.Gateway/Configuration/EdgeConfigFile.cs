using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Reads <c>edge.json</c>. <c>${NAME}</c> in any string stands for an environment variable.</summary>
public static partial class EdgeConfigFile
{
    /// <summary>Reads a configuration file.</summary>
    /// <exception cref="EdgeConfigException">The file is missing, is not JSON, or holds an unknown key; the message names it.</exception>
    public static EdgeConfig Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EdgeConfigException([$"{path}: {e.Message}"]);
        }
    }

    /// <summary>Reads a configuration from the text of a file.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">The file, which faults name.</param>
    /// <exception cref="EdgeConfigException">The text is not JSON, or holds an unknown key.</exception>
    internal static EdgeConfig Parse(string json, string path)
    {
        try
        {
            return Parse(json);
        }
        catch (EdgeConfigException e)
        {
            throw new EdgeConfigException([.. e.Faults.Select(fault => $"{path}: {fault}")]);
        }
    }

    /// <summary>Reads a configuration from JSON text.</summary>
    /// <exception cref="EdgeConfigException">The text is not JSON, or holds an unknown key.</exception>
    public static EdgeConfig Parse(string json)
    {
        try
        {
            var root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions
            {
                AllowDuplicateProperties = false,
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
            });
            var faults = new List<string>();
            root = Substitute(root, "$", faults);
            ConfigShape.Check(root, typeof(EdgeConfig), "", faults);
            if (faults.Count > 0) throw new EdgeConfigException(faults);
            return root.Deserialize<EdgeConfig>(EdgeConfigJson.Options)
                ?? throw new EdgeConfigException(["The configuration is null; an object is expected."]);
        }
        catch (JsonException e)
        {
            throw new EdgeConfigException([$"{e.Path ?? "$"}: {e.Message}"]);
        }
    }

    /// <summary>The text of a value; false when it is none.</summary>
    private static bool TryText(JsonValue value, string path, List<string> faults, out string text)
    {
        text = "";
        try
        {
            return value.TryGetValue(out text!);
        }
        catch (InvalidOperationException)
        {
            faults.Add($"{path}: the text holds half of a surrogate pair.");
            return false;
        }
    }

    private static JsonNode? Substitute(JsonNode? node, string path, List<string> faults)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, child) in o.ToArray())
                {
                    var replaced = Substitute(child, $"{path}.{name}", faults);
                    if (!ReferenceEquals(replaced, child)) o[name] = replaced;
                }

                return o;
            case JsonArray a:
                for (var i = 0; i < a.Count; i++)
                {
                    var replaced = Substitute(a[i], $"{path}[{i}]", faults);
                    if (!ReferenceEquals(replaced, a[i])) a[i] = replaced;
                }

                return a;
            case JsonValue v when TryText(v, path, faults, out var text) && text.Contains("${", StringComparison.Ordinal):
                return EnvironmentReference().Replace(text, match =>
                {
                    var name = match.Groups[1].Value;
                    var value = Environment.GetEnvironmentVariable(name);
                    if (value is null) faults.Add($"{path}: the environment variable {name} is not set.");
                    return value ?? "";
                });
            default:
                return node;
        }
    }

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex EnvironmentReference();
}
