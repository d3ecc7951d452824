using Mka1.Edge.LoadTests;
using Mka1.Edge.LoadTests.Quota;
using Mka1.Edge.LoadTests.State;

try
{
    var options = LoadOptions.Read(args);
    await (options.Benchmark == "state" ? StateBenchmark.RunAsync(options, Console.Out) : QuotaOutageBenchmark.RunAsync(options, Console.Out));
    return 0;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
