using System.Security.Cryptography;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Keys;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>Makes, rotates, revokes and lists keys, for the command line and for HTTP. What changes here counts here at once, and elsewhere with the next reading.</summary>
internal sealed class KeyService(EdgeConfiguration configuration, IKeyStore store, KeyDirectory directory, TimeProvider clock)
{
    /// <summary>How long earlier secrets last beside a new one when nobody says otherwise.</summary>
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(24);

    /// <summary>Keys a tenant may have in the store, revoked ones too.</summary>
    public const int MaxKeys = 1000;

    private const string SecretPrefix = "sec_";

    /// <param name="tenantId">Whose key it is to be.</param>
    /// <param name="keyId">Its name.</param>
    /// <param name="settings">What it may do.</param>
    /// <param name="delegation">Whether to make a key pair too, to mint keys below it with.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<KeyResult> CreateAsync(string tenantId, string keyId, KeyConfig settings, bool delegation, CancellationToken cancellation)
    {
        using var pair = delegation ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        if (pair is not null) settings = settings with { Delegation = settings.Delegation with { PublicKeys = [.. settings.Delegation.PublicKeys, PublicKeyText.Write(pair)] } };
        var faults = new List<string>();
        if (!KeyChecks.IsName(keyId)) faults.Add("id: 1 to 64 letters, digits, '-', '_' and '.' are allowed.");
        if (settings.Delegation.PublicKeys.Count > 0 && tenantId.Contains('/', StringComparison.Ordinal)) faults.Add("delegation: the tenant's name holds a '/', which delegated keys cannot name.");
        if (settings.ExpiresAt <= clock.GetUtcNow()) faults.Add("key.expiresAt: lies in the past.");
        KeyChecks.Check("key", settings, KeyChecks.ModelNames(configuration.Current.Config), faults);
        if (directory.Configured(tenantId, keyId) is not null) faults.Add(Taken(keyId));
        if (faults.Count == 0 && (await store.ListAsync(tenantId, cancellation)).Count >= MaxKeys) faults.Add($"id: the tenant has {MaxKeys} keys, which is as many as there may be. Rotate one instead.");
        if (faults.Count > 0) return new KeyResult.Refused(faults);

        var (text, secret) = NewSecret();
        if (await store.CreateAsync(tenantId, keyId, KeyCompiler.Write(settings), secret, cancellation) is not { } made) return new KeyResult.Refused([Taken(keyId)]);
        directory.Apply([made]);
        return new KeyResult.Done(made, text, pair?.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Gives a key another secret.</summary>
    /// <param name="tenantId">Whose key it is.</param>
    /// <param name="keyId">Its name.</param>
    /// <param name="overlap">How long the earlier ones last beside it.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<KeyResult> RotateAsync(string tenantId, string keyId, TimeSpan overlap, CancellationToken cancellation)
    {
        var (text, secret) = NewSecret();
        return Known(await store.RotateAsync(tenantId, keyId, secret, clock.GetUtcNow() + overlap, Configured(tenantId, keyId), cancellation), text);
    }

    /// <summary>Revokes a key, or one secret of it.</summary>
    public async ValueTask<KeyResult> RevokeAsync(string tenantId, string keyId, string? secretId, CancellationToken cancellation) =>
        Known(await store.RevokeAsync(tenantId, keyId, secretId, clock.GetUtcNow(), Configured(tenantId, keyId), cancellation), null);

    /// <summary>The keys of a tenant: those of the configuration, then those of the store by creation.</summary>
    public async ValueTask<IReadOnlyList<KeyView>> ListAsync(string tenantId, CancellationToken cancellation)
    {
        var stored = await store.ListAsync(tenantId, cancellation);
        var rows = stored.ToDictionary(key => key.Id, StringComparer.Ordinal);
        var configured = directory.Configured(tenantId).Select(key => key.Grant.KeyId).ToList();
        return
        [
            .. configured.Select(id => View(tenantId, id, rows.GetValueOrDefault(id))),
            .. stored.Where(key => !configured.Contains(key.Id)).Select(key => View(tenantId, key.Id, key)),
        ];
    }

    /// <summary>A key as its owner may see it.</summary>
    public KeyView View(string tenantId, string keyId, StoredKey? stored) =>
        configuration.Current.Config.Tenants.GetValueOrDefault(tenantId)?.Keys.GetValueOrDefault(keyId) is { } configured
            ? KeyView.Of(tenantId, keyId, configured, "config", stored, Configured(tenantId, keyId), clock.GetUtcNow())
            : KeyView.Of(tenantId, keyId, stored?.Settings is { } settings ? KeyCompiler.Read(settings.Span) : null, "store", stored, null, clock.GetUtcNow());

    private KeyResult Known(StoredKey? key, string? secret)
    {
        if (key is null) return new KeyResult.Unknown();
        directory.Apply([key]);
        return new KeyResult.Done(key, secret);
    }

    /// <summary>The configuration's secret of a key, in the store's form. Its id comes from its hash, so that it is the same on every replica.</summary>
    private StoredSecret? Configured(string tenantId, string keyId)
    {
        if (directory.Configured(tenantId, keyId)?.Hash is not { } hash) return null;
        var bytes = hash.ToArray();
        return new StoredSecret("config_" + Convert.ToHexStringLower(SHA256.HashData(bytes))[..8], bytes, "in the configuration", clock.GetUtcNow());
    }

    private (string Text, StoredSecret Secret) NewSecret()
    {
        var text = ApiKeyFormat.Create();
        return (text, new StoredSecret(ResponseIds.New(SecretPrefix), ApiKeyFormat.Hash(text), ApiKeyFormat.Hint(text), clock.GetUtcNow()));
    }

    private static string Taken(string keyId) => $"id: the tenant has a key '{keyId}' already. Choose another name: a revoked one stays taken.";
}
