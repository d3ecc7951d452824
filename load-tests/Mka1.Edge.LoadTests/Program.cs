using Mka1.Edge.LoadTests;
using Mka1.Edge.LoadTests.Balancing;
using Mka1.Edge.LoadTests.Quota;
using Mka1.Edge.LoadTests.Routing;
using Mka1.Edge.LoadTests.State;

try
{
    var options = LoadOptions.Read(args);
    await (options.Benchmark switch
    {
        "state" => StateBenchmark.RunAsync(options, Console.Out),
        "balancing" => BalancingBenchmark.RunAsync(options, Console.Out),
        "classifier" => ClassifierBenchmark.RunAsync(options, Console.Out),
        _ => QuotaOutageBenchmark.RunAsync(options, Console.Out),
    });
    return 0;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
