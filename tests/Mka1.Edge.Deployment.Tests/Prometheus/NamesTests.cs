using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mka1.Edge.Deployment.Tests.Support;

namespace Mka1.Edge.Deployment.Tests.Prometheus;

/// <summary>
/// Promise: rules and dashboards ask for nothing that is not told. What is told stands in gateway/METRICS.md and in the model server's
/// README, which tests of theirs hold to the code.
/// </summary>
public sealed partial class NamesTests
{
    public static TheoryData<string> Files => [.. Paths];

    private static IEnumerable<string> Paths =>
        Directory.GetFiles(Checkout.At("deploy/prometheus"), "*.yml", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Checkout.At("deploy/grafana/dashboards"), "*.json"))
            .Concat(Directory.GetFiles(Checkout.At("deploy/helm"), "*.yaml", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Checkout.Root, path));

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_metric_and_label_that_is_named_is_told(string path) => Assert.Empty(Unknown(Checkout.Read(path)));

    [Fact]
    public void There_are_names_to_check() => Assert.True(Paths.Sum(path => Name().Count(Checkout.Read(path))) > 100);

    [Theory]
    [InlineData("rate(mka1_edge_overhead_second_bucket[5m])", "mka1_edge_overhead_second_bucket")]
    [InlineData("mka1_edge_runs_active_total", "mka1_edge_runs_active_total")]
    [InlineData("sum by (mka1_edge_pol) (mka1_edge_destination_outstanding)", "mka1_edge_pol")]
    [InlineData("mka1_edge:overhead:p98_5m", "mka1_edge:overhead:p98_5m")]
    public void A_misspelt_name_is_found(string expression, string name) => Assert.Equal([name], Unknown(expression));

    [Fact]
    public void Every_panel_has_a_question_and_a_place_of_its_own()
    {
        foreach (var path in Directory.GetFiles(Checkout.At("deploy/grafana/dashboards"), "*.json"))
        {
            var panels = JsonNode.Parse(File.ReadAllText(path))!["panels"]!.AsArray();
            Assert.NotEmpty(panels);
            Assert.All(panels, panel => Assert.NotEmpty(panel!["targets"]!.AsArray()));
            Assert.Equal(panels.Count, panels.Select(panel => ((int)panel!["gridPos"]!["x"]!, (int)panel["gridPos"]!["y"]!)).Distinct().Count());
            Assert.Equal(panels.Count, panels.Select(panel => (int)panel!["id"]!).Distinct().Count());
        }
    }

    [Fact]
    public void Every_alert_points_to_a_part_of_the_runbook_that_is_there()
    {
        var parts = Heading().Matches(Checkout.Read("deploy/RUNBOOK.md")).Select(heading => heading.Groups["text"].Value.ToLowerInvariant().Replace(' ', '-')).ToHashSet();
        var pointers = Pointer().Matches(Checkout.Read("deploy/prometheus/rules/alerts.yml")).Select(pointer => pointer.Groups["part"].Value).ToList();
        Assert.NotEmpty(pointers);
        Assert.Empty(pointers.Except(parts));
    }

    private static IEnumerable<string> Unknown(string text) => Name().Matches(text).Select(name => name.Value.TrimEnd(':')).Distinct().Except(Known.Value);

    private static readonly Lazy<HashSet<string>> Known = new(() =>
    [
        .. Row().Matches(Checkout.Read("gateway/METRICS.md") + Checkout.Read("backends/Mka1.Edge.ModelServer/README.md")).SelectMany(Told),
        .. Label().Matches(Checkout.Read("gateway/METRICS.md")).Select(label => Plain(label.Groups["name"].Value)),
        "gen_ai_request_model",
        .. Record().Matches(Checkout.Read("deploy/prometheus/rules/recording.yml")).Select(record => record.Groups["name"].Value),
    ]);

    /// <summary>Names of a metric's series, as Prometheus has them.</summary>
    private static IEnumerable<string> Told(Match row)
    {
        var name = Plain(row.Groups["name"].Value) + row.Groups["unit"].Value switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return row.Groups["kind"].Value switch
        {
            "histogram" => [name + "_bucket", name + "_sum", name + "_count"],
            "counter" => [name + "_total"],
            _ => [name],
        };
    }

    private static string Plain(string name) => name.Replace('.', '_');

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9_.]+)` \| (?<kind>histogram|counter|gauge) \| (?<unit>\S+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<name>(gen_ai|mka1|error|http)\.[a-z0-9_.]+)`")]
    private static partial Regex Label();

    [GeneratedRegex(@"- record: (?<name>\S+)")]
    private static partial Regex Record();

    [GeneratedRegex(@"(?<![a-zA-Z0-9_/.-])(mka1|gen_ai)_[a-z0-9_:]+")]
    private static partial Regex Name();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"runbook: deploy/RUNBOOK\.md#(?<part>\S+)")]
    private static partial Regex Pointer();
}
