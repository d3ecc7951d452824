using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Mka1.Edge.Resilience.Tests.Support;
using Mka1.Edge.Resilience.Tests.Support.Wires;

namespace Mka1.Edge.Resilience.Tests.Wires;

/// <summary>The tool itself: a plain client behind the proxy sees each fault, sees no other, and sees none once it is over.</summary>
public sealed class FaultProxyTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly byte[] Said = [.. Enumerable.Range(0, 2000).Select(i => (byte)(i * 7))];

    private readonly EchoServer _server = new();
    private readonly FaultProxy _proxy;

    public FaultProxyTests() => _proxy = FaultProxy.To(_server.Port);

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Without_a_fault_every_byte_passes_both_ways_and_is_counted()
    {
        using var client = await ConnectAsync();
        Assert.Equal(Said, await EchoAsync(client));
        Assert.Equal((1, Said.Length, Said.Length), (_proxy.Accepted, (int)_proxy.BytesToServer, (int)_proxy.BytesToClient));
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await ReadAsync(client, 1));
        await Patience.UntilAsync(() => Task.FromResult(_proxy.Open == 0), "the connection is over");
    }

    [Fact]
    public async Task Refused_connections_are_refused_open_ones_reset_and_the_port_is_the_same_afterwards()
    {
        using var open = await ConnectAsync();
        Assert.Equal(Said, await EchoAsync(open));
        _proxy.Refuse();
        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(() => ReadAsync(open, 1)));
        Assert.Equal(SocketError.ConnectionRefused, await FailureAsync(ConnectAsync));
        _proxy.Heal();
        await AssertWellAsync();
    }

    [Theory]
    [InlineData(Ending.Fin)]
    [InlineData(Ending.Reset)]
    public async Task Open_connections_are_broken_at_once(Ending how)
    {
        using var client = await ConnectAsync();
        Assert.Equal(Said, await EchoAsync(client));
        _proxy.Break(how);
        if (how == Ending.Fin) Assert.Empty(await ReadAsync(client, 1));
        else Assert.Equal(SocketError.ConnectionReset, await FailureAsync(() => ReadAsync(client, 1)));
        await AssertWellAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(777)]
    public async Task A_connection_is_cut_after_so_many_bytes(int after)
    {
        _proxy.Put(new WireFault.Cut(after, Ending.Fin));
        using var first = await ConnectAsync();
        await first.SendAsync(Said);
        Assert.Equal(Said[..after], await ReadAsync(first, Said.Length));

        // With a reset, what was not read yet may be lost as well.
        _proxy.Put(new WireFault.Cut(after, Ending.Reset));
        using var second = await ConnectAsync();
        await second.SendAsync(Said);
        var got = new List<byte>();
        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(async () => got.AddRange(await ReadAsync(second, Said.Length))));
        _proxy.Heal();
        await AssertWellAsync();
    }

    [Fact]
    public async Task A_connection_cut_in_silence_stays_open_and_silent_for_ever()
    {
        _proxy.Put(new WireFault.Cut(100, Ending.Silence));
        using var client = await ConnectAsync();
        await client.SendAsync(Said);
        Assert.Equal(Said[..100], await ReadAsync(client, 100));
        _proxy.Heal();
        await AssertSilentAsync(client);
    }

    [Fact]
    public async Task What_is_swallowed_is_gone_and_so_are_the_connections_of_that_time()
    {
        using var before = await ConnectAsync();
        Assert.Equal(Said, await EchoAsync(before));
        _proxy.Put(new WireFault.Swallow());
        var heard = _server.Heard;
        using var during = await ConnectAsync();
        await before.SendAsync(Said);
        await AssertSilentAsync(during, well: false);
        _proxy.Heal();
        await AssertSilentAsync(before);
        await AssertSilentAsync(during);
        Assert.Equal(heard + (2 * Said.Length), _server.Heard);
    }

    [Fact]
    public async Task Replies_alone_can_be_swallowed()
    {
        using var client = await ConnectAsync();
        _proxy.Put(new WireFault.Swallow(Way.ToClient));
        await client.SendAsync(Said);
        await Patience.UntilAsync(() => Task.FromResult(_server.Heard == Said.Length), "the server has heard it all");
        _proxy.Heal();
        await AssertSilentAsync(client);
    }

    [Fact]
    public async Task What_is_stalled_goes_on_where_it_was()
    {
        using var client = await ConnectAsync();
        _proxy.Put(new WireFault.Stall());
        await client.SendAsync(Said);
        using var late = await ConnectAsync();
        await late.SendAsync(Said);
        var reading = ReadAsync(client, Said.Length);
        Assert.NotSame(reading, await Task.WhenAny(reading, Task.Delay(100)));
        Assert.Equal(0, _server.Heard);
        _proxy.Heal();
        Assert.Equal(Said, await reading);
        Assert.Equal(Said, await ReadAsync(late, Said.Length));
    }

    [Fact]
    public async Task Delayed_and_throttled_bytes_take_their_time_and_are_all_there()
    {
        using var client = await ConnectAsync();
        _proxy.Put(new WireFault.Delay(TimeSpan.FromMilliseconds(200), Way.ToClient));
        Assert.InRange(await TimedAsync(), 190, double.MaxValue);
        _proxy.Put(new WireFault.Throttle(10_000, Way.ToServer));
        Assert.InRange(await TimedAsync(), 190, double.MaxValue);

        async Task<double> TimedAsync()
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(Said, await EchoAsync(client));
            return clock.Elapsed.TotalMilliseconds;
        }
    }

    [Fact]
    public async Task Bytes_that_are_sliced_are_the_same_bytes_in_more_pieces()
    {
        using var client = await ConnectAsync();
        _proxy.Put(new WireFault.Slice(1));
        Assert.Equal(Said, await EchoAsync(client));
        Assert.Equal(2 * Said.Length, _proxy.Pieces);
    }

    [Fact]
    public async Task Corruption_turns_one_bit_in_so_many_bytes_and_nothing_else()
    {
        using var client = await ConnectAsync();
        _proxy.Put(new WireFault.Corrupt(300));
        var got = await EchoAsync(client);
        Assert.Equal([299, 599, 899, 1199, 1499, 1799], Enumerable.Range(0, Said.Length).Where(i => got[i] != Said[i]));
        Assert.All(Enumerable.Range(0, Said.Length), i => Assert.InRange(BitOperations.PopCount((uint)(got[i] ^ Said[i])), 0, 1));
    }

    [Fact]
    public async Task A_server_that_is_not_there_shows_as_a_reset()
    {
        _server.Dispose();

        // It may come before the client has finished connecting.
        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(async () =>
        {
            using var client = await ConnectAsync();
            await ReadAsync(client, 1);
        }));
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, Patience.Within(Patience.Hang));
        return client;
    }

    private static async Task<byte[]> EchoAsync(Socket client)
    {
        await client.SendAsync(Said);
        return await ReadAsync(client, Said.Length);
    }

    /// <summary>So many bytes, or those that come before the end.</summary>
    private static async Task<byte[]> ReadAsync(Socket client, int count)
    {
        var got = new byte[count];
        var read = 0;
        while (read < count && await client.ReceiveAsync(got.AsMemory(read), Patience.Within(Patience.Hang)) is var more and > 0) read += more;
        return got[..read];
    }

    private static async Task<SocketError> FailureAsync(Func<Task> action)
    {
        try
        {
            await action();
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    private async Task AssertWellAsync()
    {
        using var client = await ConnectAsync();
        Assert.Equal(Said, await EchoAsync(client));
    }

    /// <summary>Nothing comes back, while whoever connects anew is answered.</summary>
    private async Task AssertSilentAsync(Socket client, bool well = true)
    {
        await client.SendAsync(Said);
        var reading = ReadAsync(client, 1);
        if (well) await AssertWellAsync();
        Assert.NotSame(reading, await Task.WhenAny(reading, Task.Delay(50)));
    }
}
