using BenchmarkDotNet.Attributes;
using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Benchmarks;

/// <summary>What it takes Safety to judge a request of 2,000 characters whose subject is known: its hash, the rules, the ladder.</summary>
[MemoryDiagnoser]
public class SafetyCheckBenchmark
{
    private const int Length = 2000;
    private const string Sentence = "The queue of the payment service grew for 40 minutes while workers restarted; which of the changes made it worse, and why? ";

    private static readonly byte[] HashKey = "0123456789abcdef0123456789abcdef"u8.ToArray();
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly HashSet<SafetySubject> _pinned = [];
    private readonly SafetyStanding _standing = SafetyPolicy.Raise(SafetyStanding.New(Start), new SafetyScore(12, Start), SafetyLadder.Default);
    private readonly string _text = string.Concat(Enumerable.Repeat(Sentence, (Length / Sentence.Length) + 1))[..Length];
    private SafetyRuleSet _rules = new([], Length);

    /// <summary>Rules: half of them expressions, half of them lists of ten terms.</summary>
    [Params(0, 20)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Setup() => _rules = new SafetyRuleSet([.. Enumerable.Range(0, Rules).Select(Rule)], Length);

    [Benchmark]
    public SafetyDecision Check()
    {
        var subject = SafetySubject.Of(HashKey, "acme", "user-00000042", "alice", null);
        var rung = _rules.FindIn(_text) == 0 && SafetyPolicy.NextChange(_standing, SafetyLadder.Default) > Start ? _standing.EffectiveAt(Start) : SafetyRung.Block;
        return SafetyPolicy.Decide(subject, _pinned, rung, SafetyLadder.Default);
    }

    private static SafetyRule Rule(int i) => i % 2 == 0
        ? new SafetyRule($"rule-{i}", 1, SafetyRuleAction.Score, SafetyRule.Compile($"\\b(forbidden|unheard) +of{i}\\b", ignoreCase: true), null)
        : new SafetyRule($"rule-{i}", 1, SafetyRuleAction.Score, null, new TermSet([.. Enumerable.Range(0, 10).Select(n => $"forbidden term {i} {n}")], ignoreCase: true, wholeWords: true));
}
