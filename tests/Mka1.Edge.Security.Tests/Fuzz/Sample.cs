namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>One file of <c>tests/corpus</c>.</summary>
/// <param name="Surface">What reads it: its folder.</param>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">What it holds.</param>
internal sealed record Sample(string Surface, string Name, byte[] Bytes)
{
    /// <summary>The whole corpus.</summary>
    public static IReadOnlyList<Sample> All { get; } = Load();

    /// <summary>The samples of some surfaces.</summary>
    public static Sample[] Of(params IEnumerable<string> surfaces)
    {
        var wanted = surfaces.ToHashSet(StringComparer.Ordinal);
        return [.. All.Where(sample => wanted.Contains(sample.Surface))];
    }

    public override string ToString() => $"{Surface}/{Name}";

    private static List<Sample> Load()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mka1.Edge.sln"))) folder = folder.Parent!;
        return [.. new DirectoryInfo(Path.Combine(folder.FullName, "tests", "corpus")).EnumerateDirectories().OrderBy(surface => surface.Name, StringComparer.Ordinal)
            .SelectMany(surface => surface.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => new Sample(surface.Name, file.Name, File.ReadAllBytes(file.FullName))))];
    }
}
