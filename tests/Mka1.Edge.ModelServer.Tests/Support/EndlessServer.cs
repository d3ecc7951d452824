namespace Mka1.Edge.ModelServer.Tests.Support;

/// <summary>One server of the endless model for all tests of a class.</summary>
public sealed class EndlessServer : IAsyncLifetime
{
    internal RunningServer Running { get; private set; } = null!;

    public async Task InitializeAsync() => Running = await RunningServer.StartAsync(EndlessModel.Path);

    public async Task DisposeAsync() => await Running.DisposeAsync();
}
