using Mka1.Edge.Local;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Mka1.Edge.Functional.Tests.Support;

/// <summary>
/// What <c>dotnet run --project deploy/Mka1.Edge.Local</c> starts, in this process: the gateway and three model servers with
/// the real weights, each behind its own socket. Tests take turns, so that a model server's counters mean one test.
/// </summary>
public sealed class LocalRunFixture : IAsyncLifetime
{
    private LocalRun? _run;

    /// <summary>The family's published name, as the configuration of the local run knows it.</summary>
    public const string Model = "meetkai:functionary-urdu-mini-pak";

    public LocalRun Run => _run ?? throw new InvalidOperationException("The local run has not started.");

    /// <summary>A client of the gateway with the first tenant's key.</summary>
    public EdgeClient Client => new(Run.Address, Run.Tenants[0].Key);

    /// <summary>The server that answers to <see cref="Model"/>.</summary>
    public ModelServerProbe DefaultServer => Server("mka1-mini-dense");

    public ModelServerProbe Server(string model) =>
        new(Run.ModelServerAddresses[LocalVariant.All.Select(variant => variant.Model).ToList().IndexOf(model)]);

    public async Task InitializeAsync() => _run = await LocalRun.StartAsync(LocalOptions.Read(["--urls", "http://127.0.0.1:0"]));

    public async Task DisposeAsync() => await Run.DisposeAsync();
}
