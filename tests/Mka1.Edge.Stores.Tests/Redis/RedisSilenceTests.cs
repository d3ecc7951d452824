using System.Runtime.CompilerServices;
using Mka1.Edge.Stores.Redis;
using Mka1.Edge.Stores.Tests.Support;
using StackExchange.Redis;

namespace Mka1.Edge.Stores.Tests.Redis;

/// <summary>Promise: silence is when nothing at all is answered; neither one slow call nor a process without CPU is.</summary>
public sealed class RedisSilenceTests : IDisposable
{
    private static readonly TimeSpan OnTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Certain = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(100);

    // The driver alone can make one properly.
    private static readonly RedisServerException Refusal = (RedisServerException)RuntimeHelpers.GetUninitializedObject(typeof(RedisServerException));

    private readonly TickingClock _clock = new();
    private readonly RedisSilence _silence;

    public RedisSilenceTests() => _silence = new RedisSilence(TimeSpan.FromMilliseconds(40), Certain, _clock);

    [Fact]
    public void Redis_is_suspect_soon_and_all_calls_are_released_at_once_when_it_is_certain()
    {
        var first = _silence.Watch(Never().Task);
        var suspicion = _silence.Suspicion;
        Ticks(3, OnTime);
        var second = _silence.Watch(Never().Task);
        Assert.False(suspicion.IsCancellationRequested);
        Ticks(2, OnTime);
        Assert.True(suspicion.IsCancellationRequested);
        Assert.False(first.IsCancellationRequested || second.IsCancellationRequested);
        Ticks(8, OnTime);
        Assert.True(first.IsCancellationRequested && second.IsCancellationRequested);
        Assert.True(_silence.Suspicion.IsCancellationRequested);
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
            Assert.False(_silence.Suspicion.IsCancellationRequested);
        }

        Assert.False(slow.IsCancellationRequested);
        Ticks(13, OnTime);
        Assert.True(slow.IsCancellationRequested);
    }

    [Fact]
    public void Any_reply_ends_the_suspicion()
    {
        var (answered, lost) = (Never(), Never());
        _silence.Watch(answered.Task);
        _silence.Watch(lost.Task);
        Ticks(5, OnTime);
        lost.SetException(new IOException("gone"));
        Assert.True(_silence.Suspicion.IsCancellationRequested);
        answered.SetException(Refusal);
        Assert.False(_silence.Suspicion.IsCancellationRequested);
        _silence.Watch(Never().Task);
        Ticks(5, OnTime);
        Assert.True(_silence.Suspicion.IsCancellationRequested);
    }

    [Fact]
    public void An_error_that_Redis_answers_is_an_answer_and_a_broken_connection_is_none()
    {
        var slow = _silence.Watch(Never().Task);
        for (var i = 0; i < 10; i++)
        {
            Ticks(10, OnTime);
            _silence.Watch(Task.FromException(Refusal));
        }

        Assert.False(slow.IsCancellationRequested);
        for (var i = 0; i < 13; i++)
        {
            Ticks(1, OnTime);
            _silence.Watch(Task.FromException(new IOException("gone")));
        }

        Assert.True(slow.IsCancellationRequested);
    }

    [Fact]
    public void A_tick_that_comes_late_counts_for_a_part_of_the_time()
    {
        var call = _silence.Watch(Never().Task);
        Ticks(1, OnTime);
        Ticks(3, Late);
        Assert.False(_silence.Suspicion.IsCancellationRequested);
        Ticks(1, Late);
        Assert.True(_silence.Suspicion.IsCancellationRequested);
        Ticks(5, Late);
        Assert.False(call.IsCancellationRequested);
        Ticks(1, Late);
        Assert.True(call.IsCancellationRequested);
    }

    [Fact]
    public void What_remains_for_a_call_counts_from_the_last_reply()
    {
        Assert.Equal(Certain, _silence.Remaining);
        _silence.Watch(Never().Task);
        Ticks(1, OnTime);
        Assert.Equal(Certain, _silence.Remaining);
        Ticks(2, OnTime);
        Assert.Equal(Certain - (2 * OnTime), _silence.Remaining);
        _silence.Watch(Task.CompletedTask);
        Assert.Equal(Certain, _silence.Remaining);
    }

    [Fact]
    public void A_call_that_comes_after_a_pause_has_all_the_time()
    {
        var first = Never();
        _silence.Watch(first.Task);
        Ticks(3, OnTime);
        first.SetResult();
        var second = _silence.Watch(Never().Task);
        Ticks(12, OnTime);
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
        Ticks(8, OnTime);

        // What comes from before the silence is no sign of those that wait now.
        lost.SetResult();
        Ticks(5, OnTime);
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
        Ticks(13, OnTime);
        return token.IsCancellationRequested;
    }

    private void Ticks(int count, TimeSpan elapsed)
    {
        for (var i = 0; i < count; i++) _clock.Tick(elapsed);
    }
}
