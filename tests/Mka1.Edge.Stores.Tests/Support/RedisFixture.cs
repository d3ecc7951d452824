using Mka1.Edge.Stores.Redis;

namespace Mka1.Edge.Stores.Tests.Support;

/// <summary>Connections of two replicas to the tests' Redis. Loads from several test classes meet there, hence the patience.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public RedisConnection Here { get; } = new(TestServers.Redis, Patience);

    public RedisConnection Elsewhere { get; } = new(TestServers.Redis, Patience);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Here.DisposeAsync();
        await Elsewhere.DisposeAsync();
    }
}
