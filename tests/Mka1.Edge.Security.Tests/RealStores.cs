using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mka1.Edge.Security.Tests;

/// <summary>A database of a test's own and the tests' Redis, as a gateway's stores.</summary>
internal sealed class RealStores : IAsyncDisposable
{
    private RealStores(PostgresFixture postgres) => Postgres = postgres;

    public PostgresFixture Postgres { get; }

    public StoresConfig Config => new()
    {
        Postgres = Postgres.ConnectionString,
        Redis = TestServers.Redis,
        EncryptionKey = "the tests' own secret, of which nothing is made but keys",
    };

    public static async Task<RealStores> StartAsync()
    {
        var postgres = new PostgresFixture();
        await postgres.InitializeAsync();
        return new RealStores(postgres);
    }

    /// <summary>Has the gateway write its books where it writes them in earnest: the test gateway brings a ledger in memory.</summary>
    public static void KeepLedger(IServiceCollection services) => services.RemoveAll<ILedger>();

    public async ValueTask DisposeAsync() => await Postgres.DisposeAsync();
}
