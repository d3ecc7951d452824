using Mka1.Edge.LoadTests;
using Mka1.Edge.LoadTests.State;

try
{
    await StateBenchmark.RunAsync(LoadOptions.Read(args), Console.Out);
    return 0;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
