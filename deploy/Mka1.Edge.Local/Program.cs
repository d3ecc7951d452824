using Microsoft.Extensions.Options;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Inference.Weights;
using Mka1.Edge.Local;

try
{
    await using var run = await LocalRun.StartAsync(LocalOptions.Read(args));
    Banner.Print(Console.Out, run);
    await run.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is LocalRunException or EdgeConfigException or OptionsValidationException or ModelFormatException or IOException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
