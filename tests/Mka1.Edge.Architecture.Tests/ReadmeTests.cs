using System.Text.RegularExpressions;

namespace Mka1.Edge.Architecture.Tests;

/// <summary>The map is right: every folder has one, it is short, and what it names is there.</summary>
public sealed partial class ReadmeTests
{
    private const string FileName = "README.md";
    private const int MaxLines = 80;

    private static readonly string[] MediaTypes = ["application", "audio", "image", "multipart", "text", "video"];

    private static IEnumerable<string> Readmes => Repository.Files.Where(path => Path.GetFileName(path) == FileName);

    [Fact]
    public void Every_top_level_folder_has_a_readme()
    {
        Rule.Holds(Repository.Files
            .Where(path => path.Contains('/') && path[0] != '.')
            .Select(path => path[..path.IndexOf('/')])
            .Distinct()
            .Where(folder => !File.Exists(Repository.Absolute($"{folder}/{FileName}"))));
    }

    [Fact]
    public void A_readme_of_the_root_or_a_top_level_folder_has_at_most_80_lines()
    {
        Rule.Holds(Readmes
            .Where(path => path.Count(c => c == '/') <= 1)
            .Select(path => (path, lines: Repository.ReadLines(path).Length))
            .Where(readme => readme.lines > MaxLines)
            .Select(readme => $"{readme.path}: {readme.lines} lines."));
    }

    [Fact]
    public void Paths_that_a_readme_names_exist()
    {
        Rule.Holds(
            from readme in Readmes
            from path in PathsIn(Repository.Read(readme)).Distinct()
            where !Exists(readme, path)
            select $"{readme}: {path}");
    }

    [Fact]
    public void The_front_page_lists_the_stages_in_the_order_of_the_pipeline()
    {
        var stages = PipelineStage().Matches(Repository.Read("gateway/Mka1.Edge.Gateway/Pipeline/EdgePipeline.cs")).Select(match => match.Groups["name"].Value).ToList();
        Assert.NotEmpty(stages);

        var drawing = CodeBlock().Matches(Repository.Read(FileName)).Select(match => match.Value).Single(block => block.Contains("─►", StringComparison.Ordinal));
        var drawn = Word().Matches(drawing).Select(match => match.Value).Where(stages.Contains);
        Assert.Equal(stages, drawn);
    }

    /// <summary>Inline code that looks like a path, and the targets of links within the repository.</summary>
    private static IEnumerable<string> PathsIn(string text)
    {
        text = CodeBlock().Replace(text, "");
        var inline = InlineCode().Matches(text).Select(match => match.Groups["code"].Value).Where(LooksLikeAPath);
        var links = Link().Matches(text).Select(match => match.Groups["target"].Value.Split('#')[0]).Where(target => target.Length > 0 && !target.Contains(':'));
        return inline.Concat(links);
    }

    private static bool LooksLikeAPath(string code) =>
        PathShape().IsMatch(code) && !MediaTypes.Contains(code.Split('/')[0])
        && (code.EndsWith('/') || Path.HasExtension(code) || Directory.Exists(Repository.Absolute(code.Split('/')[0])));

    private static bool Exists(string readme, string path)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Repository.Absolute(readme))!, path);
        return Path.Exists(beside) || Path.Exists(Repository.Absolute(path));
    }

    [GeneratedRegex(@"<item>(?<name>\w+):")]
    private static partial Regex PipelineStage();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"`(?<code>[^`\n]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^[\w.-]+(?:/[\w.-]*)+$")]
    private static partial Regex PathShape();
}
