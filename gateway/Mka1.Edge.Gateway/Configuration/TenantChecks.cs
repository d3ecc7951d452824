using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks tenants and their keys.</summary>
internal static class TenantChecks
{
    public static void Check(EdgeConfig config, List<string> faults)
    {
        var models = KeyChecks.ModelNames(config);
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
                if (!KeyHash.TryParse(apiKey.Hash, out _))
                    faults.Add($"{key}.hash: 'sha256:' and 64 hexadecimal digits are expected. Keys themselves do not belong in this file.");
                else if (!hashes.TryAdd(apiKey.Hash, key))
                    faults.Add($"{key}.hash: the same key is already used by {hashes[apiKey.Hash]}.");
                KeyChecks.Check(key, apiKey, models, faults);
                if (apiKey.Delegation.PublicKeys.Count > 0 && (tenantId + keyId).Contains('/', StringComparison.Ordinal))
                    faults.Add($"{key}.delegation: delegated keys name the key above them as tenant/key, so neither name may hold a '/'.");
            }

            QuotaChecks.Limits($"tenants.{tenantId}.limits", tenant.Limits, faults);
            QuotaChecks.Limits($"tenants.{tenantId}.endUserLimits", tenant.EndUserLimits, faults);
        }
    }
}
