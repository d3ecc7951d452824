using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Quota;

/// <summary>Promise: a time told of Redis's clock has passed there when it has passed here, and never the other way round.</summary>
public sealed class RemoteClockTests
{
    private const long Ahead = 1_767_225_600_000;

    private readonly SteppedClock _here = new();
    private readonly RemoteClock _there;
    private long _ahead = Ahead;

    public RemoteClockTests() => _there = new RemoteClock(_here);

    [Fact]
    public void Nothing_is_in_time_before_the_first_reply() => Assert.Equal(0, _there.After(1000));

    [Fact]
    public void The_quickest_reply_decides()
    {
        foreach (var (there, back) in new[] { (5, 200), (300, 2), (40, 40) }) Reply(there, back);
        Assert.InRange(_there.After(100), Now + 100 - 4, Now + 100);
    }

    [Fact]
    public void A_clock_that_is_set_on_or_back_is_followed_at_once()
    {
        foreach (var step in new[] { 0, 3_600_000, -60_000, -500, 20 })
        {
            _ahead += step;
            Reply(1, 1);
            Assert.InRange(_there.After(0), Now - 3, Now);
        }
    }

    [Fact]
    public void An_old_bound_is_forgotten()
    {
        Reply(0, 0);
        _ahead -= 8;
        for (var i = 0; i < 30; i++)
        {
            _here.Advance(TimeSpan.FromSeconds(1));
            Reply(10, 0);
        }

        Assert.InRange(_there.After(0), Now - 3, Now);
    }

    private long Now => _there.Here + _ahead;

    private void Reply(int there, int back)
    {
        var sent = _there.Here;
        _here.Advance(TimeSpan.FromMilliseconds(there));
        var remote = Now;
        _here.Advance(TimeSpan.FromMilliseconds(back));
        _there.Heard(remote, sent);
    }
}
