namespace Mka1.Edge.Deployment.Tests.Support;

/// <summary>The files of this checkout.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string At(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(At(path));

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mka1.Edge.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Mka1.Edge.sln lies in no folder above these tests.");
        return folder;
    }
}
