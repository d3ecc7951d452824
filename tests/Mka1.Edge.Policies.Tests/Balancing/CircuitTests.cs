using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Policies.Tests.Balancing;

/// <summary>Promise: a destination that fails is left out, for longer each time, and comes back by a few trials as soon as they succeed.</summary>
public sealed class CircuitTests
{
    private static readonly CircuitSettings Settings = new(
        Failures: 3, FailureRate: 0.5, MinimumRequests: 10, Window: S(10), FirstRest: S(1), LongestRest: S(8));

    [Fact]
    public void It_opens_with_the_last_of_so_many_failures_in_a_row()
    {
        var circuit = Fail(default, 2);
        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
        circuit = Fail(circuit.Succeeded(false, S(0), Settings), 2);
        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
        Assert.Equal(CircuitPhase.Open, Fail(circuit, 1).Phase);
    }

    [Fact]
    public void It_opens_when_half_of_enough_requests_fail_though_never_so_many_in_a_row()
    {
        var circuit = default(Circuit);
        for (var i = 0; i < 9; i++) circuit = i % 2 == 0 ? circuit.Failed(false, S(i), Settings, 0.5) : circuit.Succeeded(false, S(i), Settings);
        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
        circuit = circuit.Succeeded(false, S(9), Settings);
        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
        Assert.Equal(CircuitPhase.Open, circuit.Failed(false, S(9), Settings, 0.5).Phase);
    }

    [Fact]
    public void What_left_the_window_no_longer_counts()
    {
        var circuit = default(Circuit);
        for (var i = 0; i < 8; i++) circuit = i % 2 == 0 ? circuit.Failed(false, S(i), Settings, 0.5) : circuit.Succeeded(false, S(i), Settings);
        for (var i = 0; i < 20; i++) circuit = circuit.Succeeded(false, S(30), Settings);
        Assert.Equal(CircuitPhase.Closed, circuit.Failed(false, S(30), Settings, 0.5).Phase);
    }

    [Fact]
    public void Each_rest_is_twice_the_one_before_up_to_the_longest()
    {
        var (circuit, now) = (Fail(default, 3), S(0));
        foreach (var rest in (double[])[1, 2, 4, 8, 8])
        {
            Assert.Equal(rest, (circuit.Until - now).TotalSeconds, 6);
            Assert.False(circuit.Admits(circuit.Until - S(0.001), Settings));
            now = circuit.Until;
            Assert.True(circuit.Admits(now, Settings));
            circuit = circuit.Tried(now).Failed(true, now, Settings, 0.5);
        }
    }

    [Fact]
    public void Rests_differ_by_a_fifth_at_most_and_never_outlast_the_longest()
    {
        for (var openings = 1; openings < 60; openings++)
        {
            var middle = Settings.RestAfter(openings, 0.5);
            Assert.InRange(Settings.RestAfter(openings, 0), middle * 0.79, middle);
            Assert.InRange(Settings.RestAfter(openings, 1), middle, middle * 1.21);
            Assert.True(Settings.RestAfter(openings, 1) <= Settings.LongestRest);
        }
    }

    [Fact]
    public void One_trial_at_a_time_is_let_through_and_its_success_closes()
    {
        var circuit = Fail(default, 3);
        var now = circuit.Until;
        var trying = circuit.Tried(now);
        Assert.Equal(CircuitPhase.HalfOpen, trying.Phase);
        Assert.False(trying.Admits(now, Settings));
        Assert.True(trying.Abandoned().Admits(now, Settings));
        var closed = trying.Succeeded(true, now, Settings);
        Assert.True(closed.Phase == CircuitPhase.Closed && closed.Admits(now, Settings));
    }

    [Fact]
    public void A_trial_that_hangs_does_not_keep_out_the_next_one_for_ever()
    {
        var circuit = Fail(default, 3);
        var hanging = circuit.Tried(circuit.Until);
        Assert.True(hanging.Admits(circuit.Until + S(1.3), Settings));
    }

    [Fact]
    public void Requests_sent_before_it_opened_neither_close_it_nor_lengthen_its_rest()
    {
        var open = Fail(default, 3);
        Assert.Equal(open, open.Succeeded(false, S(0.1), Settings));
        Assert.Equal(open, open.Failed(false, S(0.1), Settings, 0.5));
    }

    [Fact]
    public void One_that_fails_again_soon_after_it_came_back_rests_longer_and_one_that_stayed_well_does_not()
    {
        var open = Fail(default, 3);
        var back = open.Tried(open.Until).Succeeded(true, open.Until, Settings);
        var soon = Fail(back, 3, open.Until + S(1));
        Assert.Equal(2, (soon.Until - open.Until - S(1)).TotalSeconds, 6);
        var late = Fail(back, 3, open.Until + S(20));
        Assert.Equal(1, (late.Until - open.Until - S(20)).TotalSeconds, 6);
    }

    [Fact]
    public void In_need_it_is_tried_every_second_however_long_its_rest_is()
    {
        var (circuit, now) = (Fail(default, 3), S(0));
        for (var i = 0; i < 6; i++) circuit = circuit.Tried(circuit.Until).Failed(true, now = circuit.Until, Settings, 1);
        Assert.False(circuit.Admits(now + S(2), Settings));
        Assert.False(circuit.AdmitsInNeed(now + S(0.9)));
        Assert.True(circuit.AdmitsInNeed(now + S(1)));
        Assert.False(circuit.Tried(now + S(1)).AdmitsInNeed(now + S(1.9)));
    }

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static Circuit Fail(Circuit circuit, int times, TimeSpan now = default)
    {
        for (var i = 0; i < times; i++) circuit = circuit.Failed(false, now, Settings, 0.5);
        return circuit;
    }
}
