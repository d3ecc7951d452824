using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks tenants and their keys.</summary>
internal static class TenantChecks
{
    public static void Check(EdgeConfig config, List<string> faults)
    {
        var models = ModelNames(config);
        var hashes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (tenantId, tenant) in config.Tenants)
        {
            if (!Present($"tenants.{tenantId}", tenant, faults)) continue;
            for (var i = 0; i < tenant.BlockedSafetyIdentifiers.Count; i++)
                Present($"tenants.{tenantId}.blockedSafetyIdentifiers[{i}]", tenant.BlockedSafetyIdentifiers[i], faults);
            foreach (var (keyId, apiKey) in tenant.Keys)
            {
                var key = $"tenants.{tenantId}.keys.{keyId}";
                if (!Present(key, apiKey, faults)) continue;
                if (KeyRing.ParseHash(apiKey.Hash) is null)
                    faults.Add($"{key}.hash: 'sha256:' and 64 hexadecimal digits are expected. Keys themselves do not belong in this file.");
                else if (!hashes.TryAdd(apiKey.Hash, key))
                    faults.Add($"{key}.hash: the same key is already used by {hashes[apiKey.Hash]}.");
                if (apiKey.DisconnectGraceSeconds is { } grace) Range(faults, $"{key}.disconnectGraceSeconds", grace, 0, 3600);
                for (var i = 0; i < apiKey.Models.Count; i++)
                {
                    if (Present($"{key}.models[{i}]", apiKey.Models[i], faults) && !models.Contains(apiKey.Models[i]))
                        faults.Add($"{key}.models[{i}]: no family or variant is called '{apiKey.Models[i]}'.");
                }

                QuotaChecks.Limits(key, apiKey, faults);
            }

            QuotaChecks.Limits($"tenants.{tenantId}.limits", tenant.Limits, faults);
            QuotaChecks.Limits($"tenants.{tenantId}.endUserLimits", tenant.EndUserLimits, faults);
        }
    }

    private static HashSet<string> ModelNames(EdgeConfig config) =>
        [.. config.Families.Keys, .. config.Families.Values.Where(f => f is not null).SelectMany(f => f.Aliases.Concat(f.Variants.Values.Select(v => v?.Model ?? "")))];
}
