namespace Mka1.Edge.Stores.Safety;

/// <summary>What an entry of the audit is about, as it is kept and shown.</summary>
public static class SafetyAuditKind
{
    public const string Step = "step";
    public const string Override = "override";
    public const string OverrideCleared = "override_cleared";
    public const string Mark = "mark";
    public const string RuleRefusal = "rule_refusal";
}
