namespace Mka1.Edge.ModelServer.Tests.Support;

/// <summary>Servers of the demo family's models, each started when first asked for.</summary>
public sealed class TrainedModels : IAsyncLifetime
{
    private readonly Dictionary<string, RunningServer> _running = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in _running.Values)
            await server.DisposeAsync();
    }

    /// <summary>The server of a model, by its directory's name.</summary>
    internal async Task<RunningServer> OfAsync(string model)
    {
        if (!_running.TryGetValue(model, out var server))
            _running[model] = server = await RunningServer.StartAsync(Directory(model));
        return server;
    }

    /// <summary>Where a model of the family lies.</summary>
    internal static string Directory(string model) => Path.Combine(Root(), "backends", "models", model);

    /// <summary>The repository, or the copy of it that <c>MKA1_MODELS_ROOT</c> names: weights may lie elsewhere while they are trained.</summary>
    internal static string Root()
    {
        if (Environment.GetEnvironmentVariable("MKA1_MODELS_ROOT") is { Length: > 0 } root)
            return root;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mka1.Edge.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Mka1.Edge.sln.");
    }
}
