using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>The gateways that an interleaving is played on, one or more that share their state.</summary>
internal interface IGateways
{
    /// <summary>Tokens that every end user may spend.</summary>
    const long Tokens = 1_000_000_000;

    int Count { get; }

    string Key { get; }

    PacedModelServer Model { get; }

    /// <summary>A client of one replica as it is now; the replica may end at any time.</summary>
    HttpClient this[int replica] { get; }

    /// <summary>Kills a replica and starts it again; does not wait until it serves.</summary>
    Task KillAsync(int replica);

    /// <summary>Complete when every replica serves.</summary>
    Task HealAsync();

    /// <summary>What the ledger has of an end user: run and tokens, a row each.</summary>
    Task<IReadOnlyList<(string Run, long Tokens)>> LedgerAsync(string endUser);
}
