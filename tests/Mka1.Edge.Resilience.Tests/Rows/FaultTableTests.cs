using System.Reflection;
using System.Text.RegularExpressions;

namespace Mka1.Edge.Resilience.Tests.Rows;

/// <summary>The table of faults names tests that are there, and a test for each row.</summary>
public sealed partial class FaultTableTests
{
    private static readonly string Tests = FindTests();

    [Fact]
    public void Every_row_from_F01_to_F21_names_a_test()
    {
        var rows = Rows(File.ReadAllText(Path.Combine(Tests, "Mka1.Edge.Resilience.Tests", "README.md")));
        for (var row = 1; row <= 21; row++) Assert.NotEmpty(rows.GetValueOrDefault($"F{row:00}", []));
    }

    [Fact]
    public void Every_test_that_the_table_names_is_there()
    {
        var named = Rows(File.ReadAllText(Path.Combine(Tests, "Mka1.Edge.Resilience.Tests", "README.md"))).Values.SelectMany(row => row);
        Assert.All(named, test => Assert.True(IsThere(test), $"{test} is not there."));
    }

    [Fact]
    public void A_test_that_is_not_there_is_missed()
    {
        var row = Assert.Single(Rows("| F01 | a | b | `FaultTableTests.A_test_that_is_not_there`, G `TriesAnotherServerTests.A_test_that_is_not_there`, `FaultTableTests.A_test_that_is_not_there_is_missed` |")).Value;
        Assert.Equal([false, false, true], row.Select(IsThere));
    }

    /// <summary>The tests of every row, each with the letter of its project; none stands for this one.</summary>
    private static Dictionary<string, List<(string Project, string Type, string Method)>> Rows(string text) => text.Split('\n')
        .Select(line => (Row: RowName().Match(line), Line: line))
        .Where(line => line.Row.Success)
        .ToDictionary(line => line.Row.Groups[1].Value, line => TestName().Matches(line.Line).Select(name => (name.Groups[1].Value, name.Groups[2].Value, name.Groups[3].Value)).ToList());

    private static bool IsThere((string Project, string Type, string Method) test) => test.Project switch
    {
        "G" => IsWritten("Mka1.Edge.Gateway.Tests", test.Type, test.Method),
        "S" => IsWritten("Mka1.Edge.Stores.Tests", test.Type, test.Method),
        "X" => IsWritten("Mka1.Edge.Security.Tests", test.Type, test.Method),
        _ => Assembly.GetExecutingAssembly().GetTypes()
            .Where(type => type.Name == test.Type)
            .SelectMany(type => type.GetMethods())
            .Any(method => method.Name == test.Method && method.GetCustomAttributes<FactAttribute>().Any()),
    };

    /// <summary>This project does not build on the others, so their sources are asked.</summary>
    private static bool IsWritten(string project, string type, string method) => Directory
        .EnumerateFiles(Path.Combine(Tests, project), type + ".cs", SearchOption.AllDirectories)
        .Any(file => File.ReadAllText(file).Contains($" {method}(", StringComparison.Ordinal));

    private static string FindTests()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mka1.Edge.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Mka1.Edge.sln lies in no folder above these tests.");
        return Path.Combine(folder, "tests");
    }

    [GeneratedRegex(@"^\| (F\d\d) \|")]
    private static partial Regex RowName();

    [GeneratedRegex(@"(?:\b([GSX]) )?`(\w+)\.(\w+)`")]
    private static partial Regex TestName();
}
