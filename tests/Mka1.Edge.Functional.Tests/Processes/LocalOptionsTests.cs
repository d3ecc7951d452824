using Mka1.Edge.Local;

namespace Mka1.Edge.Functional.Tests.Processes;

public sealed class LocalOptionsTests
{
    [Fact]
    public void Without_arguments_one_gateway_keeps_its_state_in_memory()
    {
        var options = LocalOptions.Read([]);

        Assert.Equal((LocalStores.Memory, 1), (options.Stores, options.Replicas));
        Assert.Equal([options.Urls], options.UrlsOfReplicas());
    }

    [Fact]
    public void Stores_and_replicas_are_read()
    {
        var options = LocalOptions.Read(["--stores", "local", "--replicas=8"]);

        Assert.Equal((LocalStores.Local, 8), (options.Stores, options.Replicas));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080", "http://127.0.0.1:8081", "http://127.0.0.1:8082")]
    [InlineData("http://127.0.0.1:0", "http://127.0.0.1:0", "http://127.0.0.1:0", "http://127.0.0.1:0")]
    [InlineData("http://[::1]:90;http://*:70", "http://[::1]:90;http://*:70", "http://[::1]:91;http://*:71", "http://[::1]:92;http://*:72")]
    public void The_other_gateways_take_the_following_ports(string urls, params string[] expected) =>
        Assert.Equal(expected, LocalOptions.Read(["--urls", urls, "--stores", "local", "--replicas", "3"]).UrlsOfReplicas());

    [Theory]
    [InlineData("http://127.0.0.1:65535", "65536")]
    [InlineData("here", "here")]
    public void An_address_without_room_for_the_others_is_named(string urls, string named)
    {
        var options = LocalOptions.Read(["--urls", urls, "--stores", "local", "--replicas", "2"]);

        Assert.Contains(named, Assert.Throws<LocalRunException>(options.UrlsOfReplicas).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--stores: 'disk' is unknown", "--stores", "disk")]
    [InlineData("--stores: '' is unknown", "--stores", "")]
    [InlineData("--replicas: '0' is not", "--stores", "local", "--replicas", "0")]
    [InlineData("--replicas: '9' is not", "--stores", "local", "--replicas", "9")]
    [InlineData("--replicas: 'two' is not", "--stores", "local", "--replicas", "two")]
    [InlineData("Add --stores local", "--replicas", "2")]
    public void What_cannot_be_is_told_in_one_line(string told, params string[] arguments)
    {
        var message = Assert.Throws<LocalRunException>(() => LocalOptions.Read(arguments)).Message;

        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
