using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.State;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Tests.Webhooks;

public sealed class WebhookTargetsTests
{
    private static readonly WebhookTargets Public = Targets(allowsPrivate: false);
    private static readonly WebhookTargets Private = Targets(allowsPrivate: true);

    public static TheoryData<string> HostsThatAreNotPublic =>
    [
        // Loopback and unspecified, in all the ways to write them.
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "017700000001", "127.255.255.254",
        "127.0.0.1.", "0", "0.0.0.0", "0x0", "localhost", "LOCALHOST", "localhost.", "a.localhost", "a.localhost.", "printer.local",
        "metadata.google.internal", "router.home.arpa", "host.localdomain", "intranet", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",

        // Private, link-local, metadata, shared, benchmarking, multicast, broadcast.
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "2852039166", "0xa9fea9fe", "100.100.100.200", "192.0.0.192", "198.18.0.1",
        "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",

        // IPv6 that is not public or carries an IPv4 address.
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[2001:db8::1]", "[3fff::1]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]",
        "[fec0::1]", "[ff02::1]", "[100::1]", "[5f00::1]",

        // Digits and letters that some resolvers read as ordinary ones.
        "①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.0.0.1", "１２７．０．０．１", "ｌｏｃａｌｈｏｓｔ", "ⓛocalhost.example", "①.example.com", "ℓocalhost.example", "١٢٧.٠.٠.١",
    ];

    [Theory]
    [MemberData(nameof(HostsThatAreNotPublic))]
    public void A_host_that_is_not_public_is_refused(string host)
    {
        foreach (var url in (string[])[$"https://{host}/", $"https://{host}:443/hook?a=b", $"https://{host}"])
        {
            var error = Public.Check(url);
            Assert.Equal(ErrorCode.InvalidWebhookUrl, error?.Code);
            Assert.Equal("webhook_url", error!.Param);
            Assert.Equal(400, error.Shape.Status);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hook")]
    [InlineData("/hook")]
    [InlineData("//hooks.example.com/")]
    [InlineData("https:hooks.example.com")]
    [InlineData("https://")]
    [InlineData("https:///hook")]
    [InlineData("http://hooks.example.com/")]
    [InlineData("ftp://hooks.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://hooks.example.com/")]
    [InlineData("https://user@hooks.example.com/")]
    [InlineData("https://user:password@hooks.example.com/")]
    [InlineData("https://@hooks.example.com/")]
    [InlineData("https://127.0.0.1#@hooks.example.com/")]
    [InlineData("https://hooks.example.com@127.0.0.1/")]
    [InlineData("https://hooks.example.com\\@127.0.0.1/")]
    [InlineData("https://hooks.example.com/#part")]
    [InlineData("https://hooks.example.com/#")]
    [InlineData("https://hooks.example.com:22/")]
    [InlineData("https://hooks.example.com:25/")]
    [InlineData("https://hooks.example.com:6379/")]
    [InlineData("https://hooks.example.com:5432/")]
    [InlineData("https://hooks.example.com:11211/")]
    [InlineData("https://hooks.example.com:8443/")]
    [InlineData("https://hooks.example.com:0/")]
    [InlineData("https://hooks.example.com:65536/")]
    [InlineData("https://hooks.example.com:-1/")]
    [InlineData("https://hooks.example.com /")]
    [InlineData(" https://hooks.example.com/")]
    [InlineData("https://hooks.example.com/\r\nHost: other")]
    [InlineData("https://hooks.example.com/\0")]
    [InlineData("https://127.0.0.1%2f.example.com/")]
    [InlineData("https://hooks..example.com/")]
    [InlineData("https://-hooks.example.com/")]
    [InlineData("https://hooks.example.123/")]
    public void A_url_that_is_odd_is_refused(string url) => Assert.Equal(ErrorCode.InvalidWebhookUrl, Public.Check(url)?.Code);

    [Theory]
    [InlineData("https://hooks.example.com")]
    [InlineData("https://hooks.example.com/")]
    [InlineData("https://hooks.example.com:443/a/b?c=d&e=%20f")]
    [InlineData("https://HOOKS.Example.COM/")]
    [InlineData("https://hooks.example.com./")]
    [InlineData("https://a_b.example.com/")]
    [InlineData("https://bücher.example/")]
    [InlineData("https://مثال.example/")]
    [InlineData("https://例え。example/")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    [InlineData("https://hooks.example.com/user@home")]
    public void A_public_url_is_taken(string url) => Assert.Null(Public.Check(url));

    [Theory]
    [InlineData("http://127.0.0.1:8080/hook", true)]
    [InlineData("http://localhost/hook", true)]
    [InlineData("https://[::1]:8443/hook", true)]
    [InlineData("http://user@127.0.0.1/", false)]
    [InlineData("http://127.0.0.1/#part", false)]
    [InlineData("ftp://127.0.0.1/", false)]
    public void Where_private_targets_are_allowed_any_host_and_port_will_do(string url, bool taken) => Assert.Equal(taken, Private.Check(url) is null);

    [Fact]
    public void A_url_of_any_length_is_judged() => Assert.Equal(ErrorCode.InvalidWebhookUrl, Public.Check("https://hooks.example.com/" + new string('a', 3000))?.Code);

    [Fact]
    public void A_secret_that_makes_no_key_is_refused()
    {
        var error = Public.Check("https://hooks.example.com/", "whsec_this is not base64");
        Assert.Equal(ErrorCode.InvalidValue, error?.Code);
        Assert.Equal("webhook_secret", error!.Param);
        Assert.Null(Public.Check("https://hooks.example.com/", "this is not base64 either, but plain"));
    }

    [Fact]
    public void What_is_kept_names_the_host_in_ascii_and_holds_no_secret_to_read()
    {
        var target = Public.Create("resp_1", "https://bücher.example/hook", "secret text");
        Assert.Equal("https://xn--bcher-kva.example/hook", target.Url);
        Assert.Equal(-1, target.Secret!.Value.Span.IndexOf("secret"u8));

        Assert.True(Public.TryReadSecret(Event("resp_1", target), out var secret));
        Assert.Equal("secret text", secret);
        Assert.False(Public.TryReadSecret(Event("resp_2", target), out _));
        Assert.False(Private.TryReadSecret(Event("resp_1", target), out _));
    }

    [Fact]
    public void No_secret_stays_none()
    {
        var target = Public.Create("resp_1", "https://hooks.example.com/", null);
        Assert.Null(target.Secret);
        Assert.True(Public.TryReadSecret(Event("resp_1", target), out var secret));
        Assert.Null(secret);
    }

    private static WebhookEvent Event(string responseId, WebhookTarget target) =>
        new("evt_1", new Owner("tenant", null), responseId, target, "response.completed", default);

    private static WebhookTargets Targets(bool allowsPrivate) => new(
        new EdgeConfiguration(EdgeSnapshot.Build(new EdgeConfig
        {
            Webhooks = new() { AllowPrivateTargets = allowsPrivate },
            Pools = new Dictionary<string, PoolConfig> { ["one"] = new() { Destinations = new Dictionary<string, DestinationConfig> { ["a"] = new() { Address = "http://127.0.0.1:1/" } } } },
            Families = new Dictionary<string, FamilyConfig>
            {
                ["mka1-mini"] = new() { Default = "dense", Variants = new Dictionary<string, VariantConfig> { ["dense"] = new() { Model = "mka1-mini-dense", Pool = "one" } } },
            },
        })),
        new Protector(null));
}
