using System.Runtime.CompilerServices;
using Mka1.Edge.Stores.Redis;
using Mka1.Edge.Stores.Tests.Support;
using StackExchange.Redis;

namespace Mka1.Edge.Stores.Tests.Redis;

/// <summary>Promise: silence is when nothing at all is answered; neither one slow call nor a process without CPU is.</summary>
public sealed class RedisSilenceTests : IDisposable
{
    private static readonly TimeSpan OnTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(100);

    // The driver alone can make one properly.
    private static readonly RedisServerException Refusal = (RedisServerException)RuntimeHelpers.GetUninitializedObject(typeof(RedisServerException));

    private readonly TickingClock _clock = new();
    private readonly RedisSilence _silence;

    public RedisSilenceTests() => _silence = new RedisSilence(TimeSpan.FromMilliseconds(40), _clock);

    [Fact]
    public void All_calls_are_released_at_once_when_nothing_was_answered_for_so_long()
    {
        var first = _silence.Watch(Never().Task);
        Ticks(3, OnTime);
        var second = _silence.Watch(Never().Task);
        Assert.False(first.IsCancellationRequested);
        Ticks(2, OnTime);
        Assert.True(first.IsCancellationRequested && second.IsCancellationRequested);
        Assert.False(_clock.IsTicking);
    }

    [Fact]
    public void A_slow_call_is_waited_for_as_long_as_others_are_answered()
    {
        var slow = _silence.Watch(Never().Task);
        for (var i = 0; i < 100; i++)
        {
            Ticks(3, OnTime);
            var quick = Never();
            _silence.Watch(quick.Task);
            quick.SetResult();
        }

        Assert.False(slow.IsCancellationRequested);
        Ticks(5, OnTime);
        Assert.True(slow.IsCancellationRequested);
    }

    [Fact]
    public void An_error_that_Redis_answers_is_an_answer_and_a_broken_connection_is_none()
    {
        var slow = _silence.Watch(Never().Task);
        for (var i = 0; i < 10; i++)
        {
            Ticks(3, OnTime);
            _silence.Watch(Task.FromException(Refusal));
        }

        Assert.False(slow.IsCancellationRequested);
        for (var i = 0; i < 5; i++)
        {
            Ticks(1, OnTime);
            _silence.Watch(Task.FromException(new IOException("gone")));
        }

        Assert.True(slow.IsCancellationRequested);
    }

    [Fact]
    public void Ticks_that_come_late_say_nothing_of_Redis()
    {
        var call = _silence.Watch(Never().Task);
        Ticks(50, Late);
        Assert.False(call.IsCancellationRequested);
        Ticks(4, OnTime);
        Assert.True(call.IsCancellationRequested);
    }

    [Fact]
    public void A_call_that_comes_after_a_pause_has_all_the_time()
    {
        var first = Never();
        _silence.Watch(first.Task);
        Ticks(3, OnTime);
        first.SetResult();
        var second = _silence.Watch(Never().Task);
        Ticks(4, OnTime);
        Assert.False(second.IsCancellationRequested);
        Ticks(1, OnTime);
        Assert.True(second.IsCancellationRequested);
    }

    [Fact]
    public void It_ticks_only_while_calls_wait_and_begins_anew_after_a_silence()
    {
        Assert.False(_clock.IsTicking);
        var call = Never();
        _silence.Watch(call.Task);
        Assert.True(_clock.IsTicking);
        call.SetResult();
        Ticks(1, OnTime);
        Assert.False(_clock.IsTicking);

        var lost = Never();
        Assert.True(Silenced(lost));
        var next = _silence.Watch(Never().Task);
        Ticks(3, OnTime);

        // What comes from before the silence is no sign of those that wait now.
        lost.SetResult();
        Ticks(2, OnTime);
        Assert.True(next.IsCancellationRequested);
    }

    public void Dispose()
    {
        _silence.Dispose();
        _clock.Dispose();
    }

    private static TaskCompletionSource Never() => new();

    private bool Silenced(TaskCompletionSource call)
    {
        var token = _silence.Watch(call.Task);
        Ticks(5, OnTime);
        return token.IsCancellationRequested;
    }

    private void Ticks(int count, TimeSpan elapsed)
    {
        for (var i = 0; i < count; i++) _clock.Tick(elapsed);
    }
}
