namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>Files of the repository that the tests were built from.</summary>
internal static class RepositoryFile
{
    public static string Read(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mka1.Edge.sln"))) folder = folder.Parent!;
        return File.ReadAllText(Path.Combine(folder.FullName, path));
    }
}
