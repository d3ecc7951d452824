namespace Mka1.Edge.ModelServer.Tests.Support;

/// <summary>A server of a model with a think section, and its directory.</summary>
internal sealed class ThinkingServer : IAsyncDisposable
{
    private readonly string _directory;

    private ThinkingServer(string directory, RunningServer running) => (_directory, Running) = (directory, running);

    public RunningServer Running { get; }

    public static async Task<ThinkingServer> StartAsync(string template = ThinkingModel.Template, bool endless = false, Action<ModelServerOptions>? configure = null)
    {
        var directory = Directory.CreateTempSubdirectory("thinking-model-").FullName;
        ThinkingModel.Write(directory, template, endless);
        return new(directory, await RunningServer.StartAsync(directory, configure));
    }

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
