using System.Globalization;

namespace Mka1.Edge.Local;

/// <summary>What the local run can be told on the command line.</summary>
/// <param name="Urls">Addresses of the first gateway (<c>--urls</c>).</param>
/// <param name="ModelsPath">Folder with the demo family's weights (<c>--models</c>).</param>
/// <param name="ConfigPath">The gateway's configuration (<c>--config</c>).</param>
/// <param name="Stores">Where state is kept (<c>--stores</c>).</param>
/// <param name="Replicas">How many gateways share it (<c>--replicas</c>).</param>
public sealed record LocalOptions(string Urls, string ModelsPath, string ConfigPath, LocalStores Stores, int Replicas)
{
    private const string DefaultUrls = "http://127.0.0.1:8080";
    private const string Marker = "Mka1.Edge.sln";
    private const int MaxReplicas = 8;

    /// <summary>Whether the model servers speak Chat Completions too (<c>--chat-completions true</c>), for pools whose <c>api</c> it is.</summary>
    public bool ChatCompletions { get; init; }

    /// <summary>Reads the command line; what it leaves out is found in the repository this program was built in.</summary>
    /// <exception cref="LocalRunException">An argument has a value it cannot have.</exception>
    /// <exception cref="DirectoryNotFoundException">The repository cannot be found and a path was left out.</exception>
    public static LocalOptions Read(string[] args)
    {
        var arguments = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddCommandLine(args).Build();
        var stores = ReadStores(arguments["stores"]);
        var replicas = ReadReplicas(arguments["replicas"]);
        if (replicas > 1 && stores == LocalStores.Memory)
            throw new LocalRunException("--replicas: several gateways need stores that they share. Add --stores local.");

        return new LocalOptions(
            arguments["urls"] ?? DefaultUrls,
            arguments["models"] ?? Path.Combine(Repository(), "backends", "models"),
            arguments["config"] ?? Path.Combine(Repository(), "config", "edge.json"),
            stores,
            replicas)
        {
            ChatCompletions = ReadFlag("chat-completions", arguments["chat-completions"]),
        };
    }

    /// <summary>Addresses of each gateway: those of the first, then the following ports. Port 0 stays, and is a free one for each.</summary>
    /// <exception cref="LocalRunException">There is no such port, or an address cannot be read.</exception>
    public IReadOnlyList<string> UrlsOfReplicas() =>
        [Urls, .. Enumerable.Range(1, Replicas - 1).Select(i => string.Join(';', Urls.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(url => Shift(url, i))))];

    private static string Shift(string url, int by)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException e)
        {
            throw new LocalRunException($"--urls: {e.Message}");
        }

        var port = address.Port == 0 ? 0 : address.Port + by;
        if (port > ushort.MaxValue) throw new LocalRunException($"--urls: there is no port {port} for gateway {by + 1}. Give a lower one.");
        return string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{address.Host}:{port}{address.PathBase}");
    }

    private static LocalStores ReadStores(string? value) => value switch
    {
        null or "memory" => LocalStores.Memory,
        "local" => LocalStores.Local,
        _ => throw new LocalRunException($"--stores: '{value}' is unknown. Use memory or local."),
    };

    private static bool ReadFlag(string name, string? value) => value switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new LocalRunException($"--{name}: '{value}' is unknown. Use true or false."),
    };

    private static int ReadReplicas(string? value)
    {
        if (value is null) return 1;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var replicas) && replicas is >= 1 and <= MaxReplicas) return replicas;
        throw new LocalRunException($"--replicas: '{value}' is not a number from 1 to {MaxReplicas}.");
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
