using Mka1.Edge.Gateway;
using Mka1.Edge.Gateway.Configuration;

try
{
    await EdgeHost.Create(args).RunAsync();
    return 0;
}
catch (EdgeConfigException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
