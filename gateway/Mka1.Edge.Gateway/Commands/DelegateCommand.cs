using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Mka1.Edge.Policies.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Mka1.Edge.Gateway.Commands;

/// <summary><c>keys delegate</c>: mints a delegated key offline, out of nothing but the private key.</summary>
internal static class DelegateCommand
{
    private const int CurveBits = 256;

    public static Command Create()
    {
        var file = new Option<string>("--private-key") { Description = "File with the private key in PEM, as keys create --delegation printed it.", Required = true };
        var (tenant, key) = (KeysCommand.Tenant(), KeysCommand.Key());
        var user = new Option<string>("--end-user") { Description = "The one end user it acts for.", Required = true };
        var models = new Option<string?>("--models") { Description = "Models it may name, by commas; all of the key above when left out." };
        var budget = new Option<long?>("--token-budget") { Description = "Tokens it may spend in its whole life." };
        var expires = new Option<string>("--expires") { Description = "After how long it expires; 30d at most.", DefaultValueFactory = _ => "1h" };
        var command = new Command("delegate", "Mints a delegated key and prints it. Asks no server.") { file, tenant, key, user, models, budget, expires };
        command.SetAction((arguments, _) => KeysCommand.RunAsync(arguments, async () =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var claims = new DelegationClaims(
                arguments.GetRequiredValue(key),
                RandomNumberGenerator.GetHexString(32, lowercase: true),
                arguments.GetRequiredValue(user),
                now,
                null,
                now + KeyOptions.Duration(expires.Name, arguments.GetRequiredValue(expires)),
                arguments.GetValue(models) is { } listed ? KeyOptions.List(listed) : null,
                arguments.GetValue(budget));

            // By the gateway's own rules, so that what is printed is not refused there.
            if (DelegationPolicy.Decide(claims, now) is DelegationDecision.Refused refused) throw new CommandException($"The gateway would refuse the key: {refused.Reason}.");
            using var ec = Read(arguments.GetRequiredValue(file));
            await arguments.InvocationConfiguration.Output.WriteLineAsync(Sign(ec, arguments.GetRequiredValue(tenant), claims));
        }));
        return command;
    }

    private static ECDsa Read(string path)
    {
        var pem = KeyOptions.ReadFile(path);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.KeySize == CurveBits) return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // Falls through: it is none.
        }

        key.Dispose();
        throw new CommandException($"{path}: a P-256 private key in PEM is expected, as keys create --delegation prints one.");
    }

    private static string Sign(ECDsa key, string tenantId, DelegationClaims claims)
    {
        var payload = new Dictionary<string, object>
        {
            ["sub"] = claims.Subject!,
            ["jti"] = claims.Id!,
            ["iat"] = claims.IssuedAt!.Value.ToUnixTimeSeconds(),
            ["exp"] = claims.ExpiresAt!.Value.ToUnixTimeSeconds(),
        };
        if (claims.Models is { } models) payload["models"] = models;
        if (claims.TokenBudget is { } budget) payload["token_budget"] = budget;
        try
        {
            return DelegationPolicy.Prefix + new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
            {
                Claims = payload,
                SigningCredentials = new SigningCredentials(
                    new ECDsaSecurityKey(key) { KeyId = string.Create(CultureInfo.InvariantCulture, $"{tenantId}/{claims.KeyId}") }, SecurityAlgorithms.EcdsaSha256),
            });
        }
        catch (Exception e) when (e is InvalidOperationException or CryptographicException)
        {
            throw new CommandException("The file holds a public key. Signing needs the private one, as keys create --delegation prints it.");
        }
    }
}
