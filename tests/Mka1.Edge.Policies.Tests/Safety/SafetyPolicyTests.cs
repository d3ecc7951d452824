using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Policies.Tests.Safety;

/// <summary>Promise: up at once, down slowly and one rung at a time; where a subject stands depends on its signals and on time, not on who looks when.</summary>
public sealed class SafetyPolicyTests
{
    private static readonly SafetySubject Subject = SafetySubject.Of("0123456789abcdef"u8, "acme", "u1");
    private static readonly HashSet<SafetySubject> Nobody = [];

    [Theory]
    [InlineData(9.9, SafetyRung.Allow)]
    [InlineData(10, SafetyRung.Warn)]
    [InlineData(20, SafetyRung.Slow)]
    [InlineData(40, SafetyRung.Review)]
    [InlineData(80, SafetyRung.Block)]
    [InlineData(1e300, SafetyRung.Block)]
    public void A_score_that_reaches_a_threshold_leads_up_at_once(double weight, SafetyRung rung)
    {
        var risk = new Risk().Signal(weight);
        Assert.Equal(rung, risk.Rung);
        Assert.Equal(rung == SafetyRung.Allow ? 0 : 1, risk.Steps.Count);
    }

    [Fact]
    public void A_score_halves_every_half_life()
    {
        var risk = new Risk().Signal(8).Pass(TimeSpan.FromHours(1));
        Assert.Equal(4, risk.Standing.Score.Value, 9);
        Assert.Equal(1, risk.Pass(TimeSpan.FromHours(2)).Standing.Score.Value, 9);
    }

    [Fact]
    public void A_rung_is_left_only_well_below_its_threshold()
    {
        var risk = new Risk().Signal(10);
        Assert.Equal(SafetyRung.Warn, risk.Pass(TimeSpan.FromMinutes(59)).Rung);
        Assert.Equal(SafetyRung.Allow, risk.Pass(TimeSpan.FromMinutes(1) + TimeSpan.FromTicks(1)).Rung);
    }

    [Fact]
    public void A_rung_is_held_for_its_least_time_however_low_the_score()
    {
        var quick = SafetyLadder.Default with { HalfLife = TimeSpan.FromSeconds(1) };
        var risk = new Risk(quick).Signal(80);
        Assert.Equal(SafetyRung.Block, risk.Pass(TimeSpan.FromSeconds(59)).Rung);
        Assert.Equal(SafetyRung.Review, risk.Pass(TimeSpan.FromSeconds(1)).Rung);
        Assert.Equal(SafetyRung.Slow, risk.Pass(TimeSpan.FromMinutes(1)).Rung);
    }

    [Fact]
    public void The_way_down_is_one_rung_at_a_time_each_with_its_own_instant()
    {
        var risk = new Risk().Signal(80).Pass(TimeSpan.FromDays(1));
        Assert.Equal(["allow>block Score", "block>review Decay", "review>slow Decay", "slow>warn Decay", "warn>allow Decay"], risk.Walk);
        Assert.Equal([0, 1, 2, 3, 4], risk.Steps.Select(step => Math.Round((step.At - Risk.Start).TotalHours, 6)));
        Assert.Equal([80, 40, 20, 10, 5], risk.Steps.Select(step => Math.Round(step.Score, 3)));
    }

    [Fact]
    public void It_makes_no_difference_how_often_one_looks()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var (often, seldom) = (new Risk(), new Risk());
            for (var i = 0; i < 8; i++)
            {
                var (weight, pause) = (random.NextDouble() * 40, TimeSpan.FromMinutes(random.Next(300)));
                often.Signal(weight);
                seldom.Signal(weight);
                for (var part = 0; part < 10; part++) often.Pass(pause / 10);
                seldom.Pass(pause / 10 * 10);
            }

            Assert.Equal(seldom.Walk, often.Walk);
            Assert.Equal(seldom.Standing.Score.Value, often.Standing.Score.Value, 6);
            Assert.All(seldom.Steps.Zip(often.Steps), pair => Assert.Equal(pair.First.At, pair.Second.At, TimeSpan.FromMilliseconds(1)));
        }
    }

    [Fact]
    public void Scores_add_up_the_same_in_any_order()
    {
        var random = new Random(3);
        var signals = Enumerable.Range(0, 50).Select(_ => new SafetyScore(random.NextDouble(), Risk.Start + TimeSpan.FromSeconds(random.Next(100_000)))).ToArray();
        var ordered = Sum(signals.OrderBy(s => s.At));
        for (var i = 0; i < 20; i++)
        {
            random.Shuffle(signals);
            var sum = Sum(signals);
            Assert.Equal(ordered.At, sum.At);
            Assert.Equal(ordered.Value, sum.Value, 9);
        }

        static SafetyScore Sum(IEnumerable<SafetyScore> scores) => scores.Aggregate((a, b) => a.Plus(b, SafetyLadder.Default.HalfLife));
    }

    [Fact]
    public void An_override_holds_until_its_end_and_the_score_goes_on_beneath_it()
    {
        var risk = new Risk().Signal(20).Pin(new SafetyOverride(SafetyRung.Block, Risk.Start + TimeSpan.FromHours(1)));
        Assert.Equal(SafetyRung.Block, risk.Rung);
        Assert.Equal(SafetyRung.Block, risk.Pass(TimeSpan.FromMinutes(59)).Rung);
        Assert.Equal(SafetyRung.Slow, risk.Pass(TimeSpan.FromMinutes(1)).Rung);
        Assert.Equal(SafetyRung.Allow, risk.Pass(TimeSpan.FromHours(5)).Rung);
        Assert.Equal(["allow>slow Score", "slow>block Override", "block>slow OverrideEnded", "slow>warn Decay", "warn>allow Decay"], risk.Walk);
    }

    [Fact]
    public void An_override_to_a_lower_rung_lets_through_whom_the_score_would_block_until_it_is_taken_back()
    {
        var risk = new Risk().Signal(100).Pin(new SafetyOverride(SafetyRung.Allow, null));
        Assert.Equal(SafetyRung.Allow, risk.Signal(500).Rung);
        Assert.Equal(SafetyRung.Block, risk.Pin(null).Rung);
        Assert.Equal(["allow>block Score", "block>allow Override", "allow>block OverrideEnded"], risk.Walk);
    }

    [Fact]
    public void The_next_change_is_told_beforehand()
    {
        var risk = new Risk();
        Assert.Null(SafetyPolicy.NextChange(risk.Standing, risk.Ladder));
        risk.Signal(20);
        var at = SafetyPolicy.NextChange(risk.Standing, risk.Ladder)!.Value;
        Assert.Equal(SafetyRung.Slow, risk.Pass(at - risk.Now - TimeSpan.FromTicks(1)).Rung);
        Assert.Equal(SafetyRung.Warn, risk.Pass(TimeSpan.FromTicks(1)).Rung);
    }

    [Fact]
    public void Each_rung_has_its_decision()
    {
        var ladder = SafetyLadder.Default with { SlowDelay = TimeSpan.FromSeconds(3), ReviewDelay = TimeSpan.FromSeconds(5) };
        Assert.IsType<SafetyDecision.Allow>(SafetyPolicy.Decide(Subject, Nobody, SafetyRung.Allow, ladder));
        Assert.IsType<SafetyDecision.Warn>(SafetyPolicy.Decide(Subject, Nobody, SafetyRung.Warn, ladder));
        Assert.Equal(new SafetyDecision.Slow(TimeSpan.FromSeconds(3)), SafetyPolicy.Decide(Subject, Nobody, SafetyRung.Slow, ladder));
        Assert.Equal(new SafetyDecision.Review(TimeSpan.FromSeconds(5)), SafetyPolicy.Decide(Subject, Nobody, SafetyRung.Review, ladder));
        Assert.IsType<SafetyDecision.Block>(SafetyPolicy.Decide(Subject, Nobody, SafetyRung.Block, ladder));
        Assert.IsType<SafetyDecision.Block>(SafetyPolicy.Decide(Subject, new HashSet<SafetySubject> { Subject }, SafetyRung.Allow, ladder));
        Assert.IsType<SafetyDecision.Allow>(SafetyPolicy.Decide(null, new HashSet<SafetySubject> { Subject }, SafetyRung.Block, ladder));
    }

    [Fact]
    public void Rungs_are_known_by_name()
    {
        foreach (var rung in Enum.GetValues<SafetyRung>())
        {
            Assert.True(SafetyRungs.TryParse(rung.Name(), out var parsed));
            Assert.Equal(rung, parsed);
        }

        Assert.False(SafetyRungs.TryParse("Block", out _));
        Assert.False(SafetyRungs.TryParse(null, out _));
    }
}
