using System.Security.Cryptography;
using System.Text;
using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Compiles the section <c>safety</c>.</summary>
internal static class SafetySettings
{
    private const int HashKeyBytes = 32;

    private static readonly byte[] HashKeyPurpose = "mka1-edge/safety-subject"u8.ToArray();

    /// <summary>Whether subjects are known by this process only, and forgotten with it.</summary>
    public static bool HasOwnHashKey(EdgeConfig config) => config is { Safety.HashKey: null, Stores.EncryptionKey: null };

    public static byte[] HashKeyOf(EdgeConfig config) => (config.Safety.HashKey, config.Stores.EncryptionKey) switch
    {
        ({ } own, _) => Encoding.UTF8.GetBytes(own),
        (_, { } shared) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(shared), HashKeyBytes, salt: [], HashKeyPurpose),
        _ => RandomNumberGenerator.GetBytes(HashKeyBytes),
    };

    public static SafetyLadder LadderOf(SafetyConfig safety) => new(
        TimeSpan.FromMinutes(safety.HalfLifeMinutes),
        [safety.Thresholds.Warn, safety.Thresholds.Slow, safety.Thresholds.Review, safety.Thresholds.Block],
        safety.ReleaseRatio,
        TimeSpan.FromSeconds(safety.MinimumDwellSeconds),
        TimeSpan.FromSeconds(safety.SlowSeconds),
        TimeSpan.FromSeconds(safety.ReviewSeconds));

    public static SafetyRuleSet RulesOf(SafetyConfig safety) => new([.. safety.Rules.Select(Rule)], safety.MaxCharacters);

    private static SafetyRule Rule(SafetyRuleConfig rule) => new(
        rule.Id,
        rule.Weight,
        rule.Action,
        rule.Pattern is { } pattern ? SafetyRule.Compile(pattern, rule.IgnoreCase) : null,
        rule.Terms.Count > 0 ? new TermSet(rule.Terms, rule.IgnoreCase, rule.WholeWords) : null);
}
