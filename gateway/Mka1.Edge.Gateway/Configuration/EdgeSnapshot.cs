using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Policies.Canary;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Responses;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>A configuration compiled for use: everything a request looks up, immutable. A request keeps the one it began with.</summary>
internal sealed class EdgeSnapshot
{
    private const int VersionBytes = 8;

    private readonly ConditionalWeakTable<KeyRingEntry, QuotaPlan> _plans = [];

    private EdgeSnapshot(EdgeConfig config, EdgeSnapshot? before)
    {
        Config = config;
        IsPoolAvailable = pool => Pools[pool].IsAvailable;
        Version = VersionOf(config);
        Defaults = RequestDefaults.Standard with { MaxToolCalls = config.Compatibility.MaxToolCalls };
        Catalog = new ModelCatalog(config.Families.Select(f => Family(f.Key, f.Value)));
        Keys = [.. config.Tenants.SelectMany(t => t.Value.Keys.Select(k => KeyCompiler.Configured(t.Key, k.Key, k.Value)))];
        TenantLimits = config.Tenants.Where(t => t.Value.Limits is not null).ToFrozenDictionary(t => t.Key, t => QuotaLimitsOf(t.Value.Limits!));
        EndUserLimits = config.Tenants.Where(t => t.Value.EndUserLimits is not null).ToFrozenDictionary(t => t.Key, t => QuotaLimitsOf(t.Value.EndUserLimits!));
        DefaultTenantLimits = QuotaLimitsOf(config.Quotas.TenantLimits);
        DefaultEndUserLimits = QuotaLimitsOf(config.Quotas.EndUserLimits);

        // What it comes from cannot change while the gateway runs, and a random one must not.
        SafetyHashKey = before?.SafetyHashKey ?? SafetySettings.HashKeyOf(config);
        CacheHashKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, SafetyHashKey, SafetyHashKey.Length, salt: [], "mka1-edge/prompt-cache"u8.ToArray());
        Ladder = SafetySettings.LadderOf(config.Safety);
        Rules = SafetySettings.RulesOf(config.Safety);
        Cors = CorsCompiler.Of(config.Cors);
        BlockedSubjects = config.Tenants
            .SelectMany(t => t.Value.BlockedSafetyIdentifiers.Select(id => SafetySubject.Of(SafetyHashKey, t.Key, id)))
            .ToFrozenSet();
    }

    public EdgeConfig Config { get; }

    /// <summary>What tells this content from another's: 16 digits, the same wherever the same configuration is in use.</summary>
    public string Version { get; }

    /// <summary>What fields mean that a create request leaves out.</summary>
    public RequestDefaults Defaults { get; }

    public ModelCatalog Catalog { get; }

    /// <summary>The pools, ready to be sent to: written once by <see cref="Forwarding.PoolDirectory"/>, before the snapshot comes into use.</summary>
    public FrozenDictionary<string, ModelPool> Pools { get; set; } = FrozenDictionary<string, ModelPool>.Empty;

    /// <summary>Whether a pool has a server that takes requests now.</summary>
    public Func<string, bool> IsPoolAvailable { get; }

    /// <summary>The keys that stand in the configuration. Which keys are in use now, <see cref="KeyRing"/> says.</summary>
    public IReadOnlyList<CompiledKey> Keys { get; }

    public byte[] SafetyHashKey { get; }

    /// <summary>What tells callers apart at model servers, and tells those nothing about them.</summary>
    public byte[] CacheHashKey { get; }

    public FrozenSet<SafetySubject> BlockedSubjects { get; }

    public SafetyLadder Ladder { get; }

    public SafetyRuleSet Rules { get; }

    /// <summary>Which web pages may call; null when none may.</summary>
    public CorsPolicy? Cors { get; }

    private FrozenDictionary<string, QuotaLimits> TenantLimits { get; }

    private FrozenDictionary<string, QuotaLimits> EndUserLimits { get; }

    private QuotaLimits DefaultTenantLimits { get; }

    private QuotaLimits DefaultEndUserLimits { get; }

    /// <summary>Compiles <paramref name="config"/>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="before">The snapshot whose place this one is to take; null for the first.</param>
    /// <exception cref="EdgeConfigException">The configuration has faults; all are named.</exception>
    public static EdgeSnapshot Build(EdgeConfig config, EdgeSnapshot? before = null)
    {
        var faults = EdgeConfigValidator.Validate(config);
        return faults.Count == 0 ? new EdgeSnapshot(config, before) : throw new EdgeConfigException(faults);
    }

    /// <summary>What tells a configuration from others. Each replica's own listener for operators has no part in it.</summary>
    public static string VersionOf(EdgeConfig config)
    {
        var shared = config with { Schema = null, Admin = new AdminConfig() };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(shared, EdgeConfigJson.Options)).AsSpan(0, VersionBytes));
    }

    /// <summary>Every quota that a caller is held against.</summary>
    public QuotaPlan QuotaOf(KeyRingEntry key, Caller caller) => _plans
        .GetValue(key, entry => QuotaPlan.Of(entry.Grant, entry.Limits, TenantLimits.GetValueOrDefault(entry.Grant.TenantId, DefaultTenantLimits)))
        .For(caller, EndUserLimits.GetValueOrDefault(caller.Grant.TenantId, DefaultEndUserLimits));

    /// <summary>How long a stored stream that a key asked for goes on after its last reader left.</summary>
    public TimeSpan GraceOf(KeyGrant grant) => grant.DisconnectGrace ?? TimeSpan.FromSeconds(Config.Stores.DisconnectGraceSeconds);

    private static ModelFamily Family(string name, FamilyConfig family)
    {
        var variants = family.Variants.ToFrozenDictionary(v => ParseTier(v.Key), v => Variant(ParseTier(v.Key), v.Value));
        return new ModelFamily(name, family.Aliases, variants, ParseTier(family.Default));
    }

    private static ModelVariant Variant(Tier tier, VariantConfig variant)
    {
        var own = Own(tier, variant);
        if (variant.Shadow is { } shadow)
            own = own with { Shadow = new ShadowRule(own with { Pool = shadow.Pool, UpstreamModel = shadow.UpstreamModel ?? own.UpstreamModel }, shadow.Percent) };
        if (variant.Canary is not { } canary) return own;
        return own with { Canary = new CanaryRule(own with { Pool = canary.Pool, UpstreamModel = canary.UpstreamModel ?? own.UpstreamModel }, canary.Percent, canary.By) };
    }

    private static ModelVariant Own(Tier tier, VariantConfig variant) => new(
        variant.Model,
        tier,
        variant.Pool,
        variant.UpstreamModel ?? variant.Model,
        new ModelCapabilities(
            variant.ContextWindow,
            variant.Tools.ToFrozenSet(),
            variant.Inputs.ToFrozenSet(),
            variant.Modalities.ToFrozenSet()),
        new Price(Price.ToNano(variant.InputPricePer1K / 1000), Price.ToNano(variant.OutputPricePer1K / 1000)));

    private static Tier ParseTier(string name) =>
        TierNames.TryParse(name, out var tier) ? tier : throw new InvalidOperationException($"'{name}' passed validation and is no tier.");

    /// <summary>Limits as the configuration writes them, compiled.</summary>
    public static QuotaLimits QuotaLimitsOf(QuotaLimitsConfig limits) => new(
        [
            .. limits.Requests.Select(l => new WindowLimit(QuotaDimension.Requests, QuotaWindow.Parse(l.Window), l.Limit)),
            .. limits.Tokens.Select(l => new WindowLimit(QuotaDimension.Tokens, QuotaWindow.Parse(l.Window), l.Limit)),
            .. limits.Cost.Select(l => new WindowLimit(QuotaDimension.Cost, QuotaWindow.Parse(l.Window), Price.ToNano(l.Limit))),
        ],
        limits.Concurrency);
}
