using System.Net;
using System.Net.Sockets;
using Mka1.Edge.Gateway.Webhooks;

namespace Mka1.Edge.Gateway.Tests.Webhooks;

public sealed class WebhookConnectorTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public WebhookConnectorTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("8.8.8.8,127.0.0.1")]
    [InlineData("127.0.0.1,8.8.8.8")]
    [InlineData("2606:4700:4700::1111,::1")]
    [InlineData("8.8.8.8,::ffff:127.0.0.1")]
    public async Task One_private_answer_spoils_them_all(string answers)
    {
        var connector = new WebhookConnector(false, (_, _) => Task.FromResult(answers.Split(',').Select(IPAddress.Parse).ToArray()));
        await Assert.ThrowsAsync<WebhookTargetRefusedException>(async () => await connector.ConnectAsync(new DnsEndPoint("hooks.example.com", Port), default));
        Assert.False(_listener.Pending());
    }

    [Fact]
    public async Task A_name_is_looked_up_once_and_connected_to_where_that_led()
    {
        // 192.0.2.0/24 is unreachable by definition; a connector that asked twice would get an answer that works.
        var lookUps = 0;
        var connector = new WebhookConnector(true, (_, _) => Task.FromResult<IPAddress[]>([++lookUps == 1 ? IPAddress.Loopback : IPAddress.Parse("192.0.2.1")]));
        await using var stream = await connector.ConnectAsync(new DnsEndPoint("hooks.example.com", Port), default);
        Assert.Equal(1, lookUps);
        Assert.True(_listener.Pending());
    }

    [Fact]
    public async Task A_name_that_turns_private_after_its_check_is_refused_at_every_connect()
    {
        var lookUps = 0;
        var connector = new WebhookConnector(false, (_, _) => Task.FromResult<IPAddress[]>([lookUps++ % 2 == 0 ? IPAddress.Loopback : IPAddress.IPv6Loopback]));
        for (var i = 0; i < 1000; i++)
            await Assert.ThrowsAsync<WebhookTargetRefusedException>(async () => await connector.ConnectAsync(new DnsEndPoint("hooks.example.com", Port), default));
        Assert.False(_listener.Pending());
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_does_not_answer()
    {
        var connector = new WebhookConnector(true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]));
        await using var stream = await connector.ConnectAsync(new DnsEndPoint("hooks.example.com", Port), default);
        Assert.True(_listener.Pending());
    }

    [Fact]
    public async Task A_name_without_an_address_is_a_failed_connection()
    {
        var connector = new WebhookConnector(false, (_, _) => Task.FromResult<IPAddress[]>([]));
        await Assert.ThrowsAsync<SocketException>(async () => await connector.ConnectAsync(new DnsEndPoint("hooks.example.com", Port), default));
    }
}
