namespace Mka1.Edge.Architecture.Tests;

/// <summary>The repository these tests were built in: its files as text, without what builds leave behind.</summary>
internal static class Repository
{
    /// <summary>Top-level folders whose code ships.</summary>
    public static readonly IReadOnlyList<string> ProductFolders = ["gateway", "backends", "policies", "deploy"];

    private static readonly HashSet<string> BuildLeftovers = [".git", "bin", "obj", "artifacts", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", "__pycache__", ".vs", ".idea", ".vscode"];

    /// <summary>Absolute path of the root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths of all files, relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(new DirectoryInfo(Root)).Order(StringComparer.Ordinal)];

    /// <summary>C# files of the code that ships.</summary>
    public static IEnumerable<string> ProductSources => Files.Where(path => path.EndsWith(".cs", StringComparison.Ordinal) && IsProduct(path));

    /// <summary>Whether a path lies in a folder whose code ships.</summary>
    public static bool IsProduct(string path) => ProductFolders.Contains(path[..Math.Max(0, path.IndexOf('/'))]);

    /// <summary>The absolute form of a path relative to the root.</summary>
    public static string Absolute(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(Absolute(path));

    public static string[] ReadLines(string path) => File.ReadAllLines(Absolute(path));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mka1.Edge.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Mka1.Edge.sln.");
    }

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        // In a git worktree .git is a file.
        foreach (var file in folder.EnumerateFiles().Where(file => file.Name != ".git"))
            yield return Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');
        foreach (var child in folder.EnumerateDirectories().Where(child => !BuildLeftovers.Contains(child.Name)))
        {
            foreach (var file in Walk(child)) yield return file;
        }
    }
}
