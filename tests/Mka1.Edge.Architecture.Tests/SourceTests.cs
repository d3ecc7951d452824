using System.Text.RegularExpressions;

namespace Mka1.Edge.Architecture.Tests;

/// <summary>What can be checked of the house style by reading the sources.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 400;

    // Put together here, so that this file does not hold what it looks for.
    private static readonly string[] Unfinished = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception"];

    private static readonly string[] RegistryHosts =
        ["npmjs" + ".org", "npmjs" + ".com", "nuget" + ".org", "pypi" + ".org", "pythonhosted" + ".org", "debian" + ".org", "yarnpkg" + ".com", "proxy.golang" + ".org", "crates" + ".io"];

    private static readonly HashSet<string> TextExtensions =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".json", ".md", ".sh", ".mjs", ".js", ".ts", ".py", ".txt", ".yaml", ".yml", ".toml", ".npmrc", ".config", ".editorconfig", ".gitignore", ""];

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        Rule.Holds(Repository.Files
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => (path, lines: Repository.ReadLines(path).Length))
            .Where(file => file.lines > MaxLines)
            .Select(file => $"{file.path}: {file.lines} lines."));
    }

    [Fact]
    public void Product_code_holds_no_unfinished_work()
    {
        Rule.Holds(
            from path in Repository.ProductSources
            let lines = Repository.ReadLines(path)
            from number in Enumerable.Range(0, lines.Length)
            from word in Unfinished
            where lines[number].Contains(word, StringComparison.Ordinal)
            select $"{path}:{number + 1}: {word}");
    }

    [Fact]
    public void A_file_holds_one_type_and_bears_its_name()
    {
        Rule.Holds(Repository.ProductSources.SelectMany(path =>
        {
            // A type and its generic form are one idea; a part of a partial type is named Type.Part.cs.
            var types = TopLevelType().Matches(Repository.Read(path)).Select(match => match.Groups["name"].Value).Distinct().ToList();
            if (types.Count > 1) return [$"{path}: holds {string.Join(", ", types)}."];
            var name = Path.GetFileName(path).Split('.')[0];
            return types is [{ } type] && type != name ? (IEnumerable<string>)[$"{path}: holds {type}."] : [];
        }));
    }

    [Fact]
    public void No_file_names_a_package_registry()
    {
        Rule.Holds(
            from path in Repository.Files.Where(IsText)
            let text = Repository.Read(path)
            from host in RegistryHosts
            where text.Contains(host, StringComparison.OrdinalIgnoreCase)
            select $"{path}: {host}");
    }

    [Fact]
    public void No_file_names_a_folder_of_the_machine_it_was_written_on()
    {
        Rule.Holds(
            from path in Repository.Files.Where(IsText)
            from match in MachinePath().Matches(Repository.Read(path))
            select $"{path}: {match.Value}");
    }

    private static bool IsText(string path) => TextExtensions.Contains(Path.GetExtension(path));

    [GeneratedRegex(@"^(?:(?:public|internal|sealed|static|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|struct|interface|enum|record(?:\s+class|\s+struct)?|delegate\s+\S+)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"(?<![\w.~/}-])/(?:work|root|home|Users)/[\w.-]+")]
    private static partial Regex MachinePath();
}
