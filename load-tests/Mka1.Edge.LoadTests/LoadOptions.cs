using System.Globalization;

namespace Mka1.Edge.LoadTests;

/// <summary>What the load tests can be told on the command line.</summary>
/// <param name="Benchmark"><c>state</c>, <c>quota-outage</c>, <c>classifier</c> or <c>balancing</c> (<c>--benchmark</c>).</param>
/// <param name="Stores"><c>local</c> (private Redis and Postgres) or <c>memory</c> (<c>--stores</c>).</param>
/// <param name="Rounds">Interleaved rounds of each kind (<c>--rounds</c>).</param>
/// <param name="Seconds">Seconds of one round (<c>--seconds</c>).</param>
/// <param name="Clients">Requests in flight (<c>--clients</c>).</param>
/// <param name="Streams">Idle streams held open (<c>--streams</c>).</param>
/// <param name="Rate">Requests a second, whatever becomes of them (<c>--rate</c>).</param>
/// <param name="Prompts">A file of prompts, one JSON object a line (<c>--prompts</c>); null for made-up ones.</param>
public sealed record LoadOptions(string Benchmark, string Stores, int Rounds, int Seconds, int Clients, int Streams, int Rate, string? Prompts)
{
    public static LoadOptions Read(string[] args)
    {
        var arguments = new ConfigurationBuilder().AddCommandLine(args).Build();
        var stores = arguments["stores"] ?? "local";
        if (stores is not ("local" or "memory")) throw new ArgumentException($"--stores {stores}: local or memory is expected.");
        var benchmark = arguments["benchmark"] ?? "state";
        if (benchmark is not ("state" or "quota-outage" or "classifier" or "balancing")) throw new ArgumentException($"--benchmark {benchmark}: state, quota-outage, classifier or balancing is expected.");
        return new LoadOptions(
            benchmark,
            stores,
            Number("rounds", 5, 1, 100),
            Number("seconds", 4, 1, 600),
            Number("clients", 32, 1, 512),
            Number("streams", 5000, 1, 9000),
            Number("rate", 200, 1, 5000),
            arguments["prompts"]);

        int Number(string name, int standard, int min, int max)
        {
            if (arguments[name] is not { } text) return standard;
            return int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
                ? value
                : throw new ArgumentException($"--{name} {text}: a number from {min} to {max} is expected.");
        }
    }
}
