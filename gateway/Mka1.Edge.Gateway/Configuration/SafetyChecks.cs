using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Policies.Safety;
using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks the section <c>safety</c> and who is told of steps.</summary>
internal static class SafetyChecks
{
    private const double MaxWeight = 1_000_000;
    private const int MaxIdLength = 64;
    private const int MaxPatternLength = 1000;
    private const int MaxTerms = 10_000;
    private const int MaxTermLength = 200;

    public static void Check(EdgeConfig config, List<string> faults)
    {
        var safety = config.Safety;
        if (safety.HashKey is { Length: < 16 }) faults.Add("safety.hashKey: at least 16 characters are needed.");
        Range(faults, "safety.halfLifeMinutes", safety.HalfLifeMinutes, 0.1, 10_080);
        Range(faults, "safety.releaseRatio", safety.ReleaseRatio, 0.01, 1);
        Range(faults, "safety.minimumDwellSeconds", safety.MinimumDwellSeconds, 0, 86_400);
        Range(faults, "safety.clientErrorsPerMinute", safety.ClientErrorsPerMinute, 1, 100_000);
        Range(faults, "safety.slowSeconds", safety.SlowSeconds, 0, 60);
        Range(faults, "safety.reviewSeconds", safety.ReviewSeconds, 0, 60);
        Range(faults, "safety.maxDelayed", safety.MaxDelayed, 1, 100_000);
        Range(faults, "safety.trackedSubjects", safety.TrackedSubjects, 100, 10_000_000);
        Range(faults, "safety.lookupMilliseconds", safety.LookupMilliseconds, 0, 5_000);
        Range(faults, "safety.maxCharacters", safety.MaxCharacters, 1, 10_000_000);
        Range(faults, "safety.weights.modelRefusal", safety.Weights.ModelRefusal, 0, MaxWeight);
        Range(faults, "safety.weights.quotaRefusal", safety.Weights.QuotaRefusal, 0, MaxWeight);
        Range(faults, "safety.weights.clientError", safety.Weights.ClientError, 0, MaxWeight);
        Range(faults, "safety.weights.operatorMark", safety.Weights.OperatorMark, 0, MaxWeight);
        Thresholds(safety.Thresholds, faults);
        Rules(safety.Rules, faults);
        foreach (var (tenantId, tenant) in config.Tenants)
        {
            if (tenant?.SafetyWebhook is { } webhook) Webhook($"tenants.{tenantId}.safetyWebhook", webhook, config.Webhooks.AllowPrivateTargets, faults);
        }
    }

    private static void Thresholds(SafetyThresholdsConfig thresholds, List<string> faults)
    {
        (string Key, double Value)[] rungs =
        [
            ("safety.thresholds.warn", thresholds.Warn),
            ("safety.thresholds.slow", thresholds.Slow),
            ("safety.thresholds.review", thresholds.Review),
            ("safety.thresholds.block", thresholds.Block),
        ];
        foreach (var (key, value) in rungs) Range(faults, key, value, 0.001, MaxWeight);
        foreach (var (lower, upper) in rungs.Zip(rungs.Skip(1)))
        {
            if (!(upper.Value > lower.Value)) faults.Add($"{upper.Key}: {upper.Value} is not above {lower.Key}, {lower.Value}.");
        }
    }

    private static void Rules(IReadOnlyList<SafetyRuleConfig> rules, List<string> faults)
    {
        if (rules.Count > SafetyRuleSet.MaxRules) faults.Add($"safety.rules: {rules.Count} rules are more than {SafetyRuleSet.MaxRules}. Put terms together.");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count; i++)
        {
            var key = $"safety.rules[{i}]";
            if (!Present(key, rules[i], faults)) continue;
            Rule(key, rules[i], faults);
            if (!ids.Add(rules[i].Id)) faults.Add($"{key}.id: '{rules[i].Id}' stands there more than once.");
        }
    }

    private static void Rule(string key, SafetyRuleConfig rule, List<string> faults)
    {
        if (rule.Id.Length is 0 or > MaxIdLength || !rule.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            faults.Add($"{key}.id: 1 to {MaxIdLength} letters, digits, '-', '_' and '.' are expected.");
        Range(faults, $"{key}.weight", rule.Weight, 0, MaxWeight);
        if (rule.Pattern is null && rule.Terms.Count == 0) faults.Add($"{key}: a pattern or terms are needed.");
        if (rule.Terms.Count > MaxTerms) faults.Add($"{key}.terms: {rule.Terms.Count} terms are more than {MaxTerms}.");
        for (var i = 0; i < rule.Terms.Count; i++)
        {
            if (Present($"{key}.terms[{i}]", rule.Terms[i], faults) && rule.Terms[i].Length is 0 or > MaxTermLength)
                faults.Add($"{key}.terms[{i}]: 1 to {MaxTermLength} characters are expected.");
        }

        if (rule.Pattern is not { } pattern) return;
        if (pattern.Length is 0 or > MaxPatternLength) faults.Add($"{key}.pattern: 1 to {MaxPatternLength} characters are expected.");
        else if (PatternFault(pattern, rule.IgnoreCase) is { } fault) faults.Add($"{key}.pattern: {fault}");
    }

    private static string? PatternFault(string pattern, bool ignoreCase)
    {
        try
        {
            // An expression that finds something in no text at all would find it in every request.
            return SafetyRule.Compile(pattern, ignoreCase).IsMatch("") ? "it matches an empty text, and so every request." : null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return e.Message;
        }
    }

    private static void Webhook(string key, SafetyWebhookConfig webhook, bool allowsPrivate, List<string> faults)
    {
        if (WebhookTargets.Fault(webhook.Url, allowsPrivate) is { } fault) faults.Add($"{key}.url: {fault}");
        if (webhook.Secret is { } secret && !WebhookSignature.IsUsable(secret)) faults.Add($"{key}.secret: it may not be empty, and behind 'whsec_' it must be base64.");
    }
}
