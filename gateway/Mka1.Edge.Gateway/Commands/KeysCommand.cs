using System.CommandLine;
using System.Security.Cryptography;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores;

namespace Mka1.Edge.Gateway.Commands;

/// <summary><c>keys create|list|rotate|revoke|delegate</c>.</summary>
internal static class KeysCommand
{
    private const string DefaultConfig = "config/edge.json";

    public static Command Create() => new("keys", "API keys: make, list, rotate, revoke; and mint delegated keys offline.")
    {
        Make(), List(), Rotate(), Revoke(), DelegateCommand.Create(),
    };

    /// <summary>Runs an action, and says on the error output why it could not be done.</summary>
    public static async Task<int> RunAsync(ParseResult arguments, Func<Task> action)
    {
        try
        {
            await action();
            return 0;
        }
        catch (Exception e) when (e is CommandException or EdgeConfigException)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync(e.Message);
        }
        catch (StoreUnavailableException e)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"{e.Message} {e.InnerException?.Message} Nothing may have been changed: list the keys once it is back.");
        }

        return 1;
    }

    private static Command Make()
    {
        var (config, tenant, key, json) = (Config(), Tenant(), Key(), Json());
        var delegation = new Option<bool>("--delegation") { Description = "Make a key pair too, to mint delegated keys with; its private key is printed once." };
        var settings = new KeyOptions();
        var command = new Command("create", "Makes a key and prints it, once.") { config, tenant, key, delegation, json };
        settings.AddTo(command);
        command.SetAction((arguments, cancellation) => RunAsync(arguments, async () =>
        {
            await using var context = await KeyCommandContext.OpenAsync(arguments.GetRequiredValue(config), cancellation);
            var (tenantId, keyId) = (arguments.GetRequiredValue(tenant), arguments.GetRequiredValue(key));
            var printer = new KeyPrinter(arguments, json);
            var wanted = settings.Read(arguments, TimeProvider.System.GetUtcNow());
            if (context.Service is not { } service)
            {
                await MakeFragmentAsync(context.Snapshot, tenantId, keyId, wanted, arguments.GetValue(delegation), printer);
                return;
            }

            await printer.ResultAsync(service, tenantId, keyId, await service.CreateAsync(tenantId, keyId, wanted, arguments.GetValue(delegation), cancellation));
            if (!context.Snapshot.Config.Tenants.ContainsKey(tenantId))
                await printer.NoteAsync($"The configuration says nothing of a tenant '{tenantId}': the limits of quotas.tenantLimits hold for it.");
        }));
        return command;
    }

    /// <summary>Without a store, a key is made by writing it into the configuration: this prints what to write.</summary>
    private static async Task MakeFragmentAsync(EdgeSnapshot snapshot, string tenantId, string keyId, KeyConfig wanted, bool delegation, KeyPrinter printer)
    {
        using var pair = delegation ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        if (pair is not null) wanted = wanted with { Delegation = new DelegationConfig { PublicKeys = [.. wanted.Delegation.PublicKeys, PublicKeyText.Write(pair)] } };
        var faults = new List<string>();
        if (!KeyChecks.IsName(keyId)) faults.Add("--key: 1 to 64 letters, digits, '-', '_' and '.' are allowed.");
        KeyChecks.Check("key", wanted, KeyChecks.ModelNames(snapshot.Config), faults);
        if (snapshot.Config.Tenants.GetValueOrDefault(tenantId)?.Keys.ContainsKey(keyId) == true) faults.Add($"--key: the tenant has a key '{keyId}' already.");
        if (faults.Count > 0) throw new CommandException(string.Join(Environment.NewLine, faults));
        var secret = ApiKeyFormat.Create();
        await printer.FragmentAsync(tenantId, keyId, secret, wanted with { Hash = ApiKeyFormat.HashText(secret) }, pair?.ExportPkcs8PrivateKeyPem());
    }

    private static Command List()
    {
        var (config, tenant, json) = (Config(), Tenant(), Json());
        var command = new Command("list", "Lists a tenant's keys; of their secrets, the hints.") { config, tenant, json };
        command.SetAction((arguments, cancellation) => RunAsync(arguments, async () =>
        {
            await using var context = await KeyCommandContext.OpenAsync(arguments.GetRequiredValue(config), cancellation);
            await new KeyPrinter(arguments, json).ListAsync(await context.Required.ListAsync(arguments.GetRequiredValue(tenant), cancellation));
        }));
        return command;
    }

    private static Command Rotate()
    {
        var (config, tenant, key, json) = (Config(), Tenant(), Key(), Json());
        var overlap = new Option<string>("--overlap") { Description = "How long earlier secrets last beside the new one.", DefaultValueFactory = _ => "24h" };
        var command = new Command("rotate", "Gives a key another secret and prints it, once.") { config, tenant, key, overlap, json };
        command.SetAction((arguments, cancellation) => RunAsync(arguments, async () =>
        {
            var time = KeyOptions.Duration(overlap.Name, arguments.GetRequiredValue(overlap));
            await using var context = await KeyCommandContext.OpenAsync(arguments.GetRequiredValue(config), cancellation);
            var (tenantId, keyId) = (arguments.GetRequiredValue(tenant), arguments.GetRequiredValue(key));
            await new KeyPrinter(arguments, json).ResultAsync(context.Required, tenantId, keyId, await context.Required.RotateAsync(tenantId, keyId, time, cancellation));
        }));
        return command;
    }

    private static Command Revoke()
    {
        var (config, tenant, key, json) = (Config(), Tenant(), Key(), Json());
        var secret = new Option<string?>("--secret") { Description = "The id of one secret; the whole key when left out." };
        var command = new Command("revoke", "Revokes a key, or one secret of it, for good.") { config, tenant, key, secret, json };
        command.SetAction((arguments, cancellation) => RunAsync(arguments, async () =>
        {
            await using var context = await KeyCommandContext.OpenAsync(arguments.GetRequiredValue(config), cancellation);
            var (tenantId, keyId) = (arguments.GetRequiredValue(tenant), arguments.GetRequiredValue(key));
            await new KeyPrinter(arguments, json).ResultAsync(
                context.Required, tenantId, keyId, await context.Required.RevokeAsync(tenantId, keyId, arguments.GetValue(secret), cancellation));
        }));
        return command;
    }

    internal static Option<string> Tenant() => new("--tenant") { Description = "The tenant.", Required = true };

    internal static Option<string> Key() => new("--key") { Description = "The key's name.", Required = true };

    private static Option<string> Config() => new("--config")
    {
        Description = "The configuration file; its stores.postgres is where keys are.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("EDGE_CONFIG") ?? DefaultConfig,
    };

    private static Option<bool> Json() => new("--json") { Description = "Print JSON." };
}
