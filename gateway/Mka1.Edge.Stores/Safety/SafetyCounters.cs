using System.Diagnostics;
using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Stores.Safety;

/// <summary>What a subject has done, counted.</summary>
public readonly record struct SafetyCounters(
    long Requests = 0, long RuleHits = 0, long ModelRefusals = 0, long QuotaRefusals = 0, long ClientErrors = 0, long Marks = 0)
{
    public static SafetyCounters operator +(SafetyCounters a, SafetyCounters b) => new(
        a.Requests + b.Requests, a.RuleHits + b.RuleHits, a.ModelRefusals + b.ModelRefusals, a.QuotaRefusals + b.QuotaRefusals,
        a.ClientErrors + b.ClientErrors, a.Marks + b.Marks);

    /// <summary>With one more signal.</summary>
    public SafetyCounters Plus(SafetySignal signal) => signal switch
    {
        SafetySignal.RuleHit => this with { RuleHits = RuleHits + 1 },
        SafetySignal.ModelRefusal => this with { ModelRefusals = ModelRefusals + 1 },
        SafetySignal.QuotaRefusal => this with { QuotaRefusals = QuotaRefusals + 1 },
        SafetySignal.ClientErrorStorm => this with { ClientErrors = ClientErrors + 1 },
        SafetySignal.OperatorMark => this with { Marks = Marks + 1 },
        _ => throw new UnreachableException(),
    };
}
