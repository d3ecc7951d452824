using Mka1.Edge.Gateway;
using Mka1.Edge.Gateway.Commands;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Stores;

const string MigrateArgument = "--migrate";

try
{
    if (EdgeCommands.Named(args)) return await EdgeCommands.RunAsync(args);
    if (args.Contains(MigrateArgument))
    {
        var applied = await EdgeHost.MigrateAsync([.. args.Where(argument => argument != MigrateArgument)]);
        Console.WriteLine(applied.Count == 0 ? "The schema is up to date." : $"Applied: {string.Join(", ", applied)}.");
        return 0;
    }

    await EdgeHost.Create(args).RunAsync();
    return 0;
}
catch (EdgeConfigException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (StoreUnavailableException e)
{
    await Console.Error.WriteLineAsync($"{e.Message} {e.InnerException?.Message}");
    return 1;
}
