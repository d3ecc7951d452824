namespace Mka1.Edge.Local;

/// <summary>What the local run can be told on the command line.</summary>
/// <param name="Urls">Addresses of the gateway (<c>--urls</c>).</param>
/// <param name="ModelsPath">Folder with the demo family's weights (<c>--models</c>).</param>
/// <param name="ConfigPath">The gateway's configuration (<c>--config</c>).</param>
public sealed record LocalOptions(string Urls, string ModelsPath, string ConfigPath)
{
    private const string DefaultUrls = "http://127.0.0.1:8080";
    private const string Marker = "Mka1.Edge.sln";

    /// <summary>Reads the command line; what it leaves out is found in the repository this program was built in.</summary>
    /// <exception cref="DirectoryNotFoundException">The repository cannot be found and a path was left out.</exception>
    public static LocalOptions Read(string[] args)
    {
        var arguments = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddCommandLine(args).Build();
        return new LocalOptions(
            arguments["urls"] ?? DefaultUrls,
            arguments["models"] ?? Path.Combine(Repository(), "backends", "models"),
            arguments["config"] ?? Path.Combine(Repository(), "config", "edge.json"));
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Marker))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds {Marker}. Name --models and --config.");
    }
}
