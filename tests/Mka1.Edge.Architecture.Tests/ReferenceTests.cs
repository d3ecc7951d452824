namespace Mka1.Edge.Architecture.Tests;

/// <summary>References run one way: the gateway never sees a model server, the pure libraries see nothing of ours.</summary>
public sealed class ReferenceTests
{
    private const string Prefix = "Mka1.Edge.";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Policies"] = [],
        ["Responses"] = [],
        ["Telemetry"] = [],
        ["Inference"] = [],
        ["Inference.Torch"] = ["Inference"],
        ["Stores"] = ["Policies"],
        ["Gateway"] = ["Responses", "Stores", "Telemetry"],
        ["ModelServer"] = ["Inference", "Inference.Torch", "Responses", "Telemetry"],
    };

    private static readonly string[] PureLibraries = ["Policies", "Responses", "Inference"];

    [Fact]
    public void Projects_refer_to_each_other_in_one_direction()
    {
        Rule.Holds(Products().SelectMany(project =>
        {
            if (!Allowed.TryGetValue(project.Name[Prefix.Length..], out var allowed)) return [$"{project.Path}: new here. Say in this test what it may refer to."];
            var expected = allowed.Select(name => Prefix + name);
            var actual = project.References.Order(StringComparer.Ordinal);
            return actual.SequenceEqual(expected) ? [] : (IEnumerable<string>)[$"{project.Path}: refers to [{string.Join(", ", actual)}], not to [{string.Join(", ", expected)}]."];
        }));
        Assert.Equal(Allowed.Count, Products().Count());
    }

    [Fact]
    public void Only_deploy_and_tests_see_gateway_and_model_server_together()
    {
        Rule.Holds(ProjectFile.All
            .Where(project => project.References.Contains(Prefix + "Gateway") && project.References.Contains(Prefix + "ModelServer"))
            .Where(project => !project.Path.StartsWith("deploy/", StringComparison.Ordinal) && !project.Path.StartsWith("tests/", StringComparison.Ordinal))
            .Select(project => project.Path));
    }

    [Fact]
    public void Pure_libraries_know_neither_web_server_nor_proxy()
    {
        Rule.Holds(Products().Where(project => PureLibraries.Contains(project.Name[Prefix.Length..])).SelectMany(project =>
            SdkFaults(project).Concat(SourceFaults(project))));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("Mka1.Edge.sln").Replace('\\', '/');
        Rule.Holds(ProjectFile.All.Where(project => !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal)).Select(project => project.Path));
    }

    [Fact]
    public void Every_test_project_lies_where_run_sh_looks()
    {
        Rule.Holds(ProjectFile.All
            .Where(project => project.Name.EndsWith(".Tests", StringComparison.Ordinal) && project.Path != $"tests/{project.Name}/{project.Name}.csproj")
            .Select(project => project.Path));
    }

    [Fact]
    public void Package_versions_stand_in_one_place()
    {
        var versions = System.Xml.Linq.XElement.Load(Repository.Absolute("Directory.Packages.props")).Descendants("PackageVersion").Select(item => item.Attribute("Include")!.Value).ToHashSet();
        Rule.Holds(ProjectFile.All.SelectMany(project =>
            project.Xml.Descendants("PackageReference")
                .Where(item => item.Attribute("Version") is not null || item.Attribute("VersionOverride") is not null)
                .Select(item => $"{project.Path}: {item} names its version itself.")
                .Concat(project.Includes("PackageReference").Where(package => !versions.Contains(package)).Select(package => $"{project.Path}: {package} has no central version."))));
    }

    private static IEnumerable<ProjectFile> Products() =>
        ProjectFile.All.Where(project => Repository.IsProduct(project.Path) && !project.Path.StartsWith("deploy/", StringComparison.Ordinal));

    private static IEnumerable<string> SdkFaults(ProjectFile project)
    {
        if (project.Xml.Attribute("Sdk")?.Value != "Microsoft.NET.Sdk") yield return $"{project.Path}: its SDK is not Microsoft.NET.Sdk.";
        foreach (var framework in project.Includes("FrameworkReference")) yield return $"{project.Path}: refers to the framework {framework}.";
    }

    private static IEnumerable<string> SourceFaults(ProjectFile project) =>
        Repository.ProductSources
            .Where(path => path.StartsWith(project.Folder + "/", StringComparison.Ordinal))
            .Where(path => Repository.Read(path) is var text && (text.Contains("Microsoft.AspNetCore", StringComparison.Ordinal) || text.Contains("Yarp.", StringComparison.Ordinal)))
            .Select(path => $"{path}: names a type of ASP.NET Core or YARP.");
}
