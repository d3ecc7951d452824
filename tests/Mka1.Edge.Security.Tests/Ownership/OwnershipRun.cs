namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>All cases, tried once: what came of them.</summary>
public sealed class OwnershipRun : IAsyncLifetime
{
    public int Cases { get; private set; }

    public int Controls { get; private set; }

    public IReadOnlyList<string> RoutesWithoutCase { get; private set; } = [];

    public IReadOnlyList<string> CasesWithoutRoute { get; private set; } = [];

    /// <summary>Cases whose answer told something.</summary>
    public IReadOnlyList<AccessLeak> Leaks { get; private set; } = [];

    /// <summary>Calls to model servers and receivers of webhooks that cases led to.</summary>
    public int CallsOut { get; private set; }

    /// <summary>What is no longer as it was.</summary>
    public IReadOnlyList<string> Changes { get; private set; } = [];

    public IReadOnlyList<string> Strays { get; private set; } = [];

    /// <summary>Ways that are shut to owners, too.</summary>
    public IReadOnlyList<string> Shut { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await using var matrix = await OwnershipMatrix.StartAsync();
        (RoutesWithoutCase, CasesWithoutRoute) = (matrix.RoutesWithoutCase, matrix.CasesWithoutRoute);
        Cases = matrix.Cases.Count;

        // A key that is new to its sender makes a response, as it should.
        var quiet = matrix.Cases.ToLookup(tried => !tried.Path.IsKey);
        var before = await matrix.ViewsAsync();
        var calls = matrix.CallsOut;
        var leaks = await matrix.LeaksAsync(quiet[true]);
        CallsOut = matrix.CallsOut - calls;
        Leaks = [.. leaks, .. await matrix.LeaksAsync(quiet[false])];
        var after = await matrix.ViewsAsync();
        Changes = [.. before.Zip(after).Where(view => view.First != view.Second).Select(view => $"{view.First}{Environment.NewLine}  now: {view.Second}")];
        Strays = await matrix.StraysAsync();

        // Last: it uses up what there is.
        (Controls, Shut) = await matrix.OwnersAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
