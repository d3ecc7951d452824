using System.Globalization;
using System.Text.RegularExpressions;

namespace Mka1.Edge.Architecture.Tests;

/// <summary>An event id says where in an assembly a log line comes from.</summary>
public sealed partial class LogEventTests
{
    private const int Block = 100;

    [Fact]
    public void Event_ids_are_unique_in_their_assembly()
    {
        Rule.Holds(Events()
            .GroupBy(e => (e.Project, e.Id))
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key.Project}: id {group.Key.Id} in {string.Join(" and ", group.Select(e => e.Path))}."));
    }

    [Fact]
    public void Event_ids_lie_in_the_range_that_their_class_announces()
    {
        Rule.Holds(Events().Where(e => !Announced(e.Path).Any(range => e.Id >= range.First && e.Id <= range.Last)).Select(e => $"{e.Path}: id {e.Id}."));
    }

    [Fact]
    public void Ranges_of_one_assembly_do_not_overlap()
    {
        Rule.Holds(
            from project in Events().Select(e => (e.Project, e.Path)).Distinct().GroupBy(e => e.Project)
            let ranges = project.SelectMany(e => Announced(e.Path).Select(range => (e.Path, Range: range))).ToList()
            from a in ranges
            from b in ranges
            where a.Range.First < b.Range.First && a.Range.Last >= b.Range.First
            select $"{a.Path} {a.Range} and {b.Path} {b.Range}.");
    }

    [Fact]
    public void There_are_events_to_check() => Assert.NotEmpty(Events());

    /// <summary>The ranges in the class's summary: "1700–1799", or "1000 host, 1100 requests" for one block of a hundred each.</summary>
    private static List<(int First, int Last)> Announced(string path)
    {
        var summary = string.Concat(Repository.ReadLines(path).Where(line => line.StartsWith("///", StringComparison.Ordinal)));
        return [.. Range().Matches(summary).Select(match =>
        {
            var first = Number(match.Groups["first"]);
            return (first, match.Groups["last"].Success ? Number(match.Groups["last"]) : first + Block - 1);
        })];
    }

    private static IEnumerable<(string Project, string Path, int Id)> Events() =>
        from path in Repository.ProductSources
        from match in LoggerMessage().Matches(Repository.Read(path))
        select (ProjectFile.All.Single(project => path.StartsWith(project.Folder + "/", StringComparison.Ordinal)).Name, path, Number(match.Groups["id"]));

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(?<id>\d+)")]
    private static partial Regex LoggerMessage();

    [GeneratedRegex(@"\b(?<first>\d{4})(?:[–-](?<last>\d{4}))?\b")]
    private static partial Regex Range();
}
