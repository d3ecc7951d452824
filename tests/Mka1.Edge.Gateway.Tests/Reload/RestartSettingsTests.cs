using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Tests.Reload;

/// <summary>Promise: what a running gateway cannot change stays as it was, and is named; all else counts.</summary>
public sealed class RestartSettingsTests
{
    private static readonly EdgeConfig Started = new()
    {
        Stores = new() { Postgres = "Host=one", RetentionDays = 5 },
        Quotas = new() { LeaseSeconds = 10, DefaultOutputTokens = 100 },
        Admin = new() { Url = "http://127.0.0.1:1", KeyHash = "one" },
        Tls = new() { Certificate = "a", Key = "b" },
    };

    [Fact]
    public void Settings_that_need_a_restart_are_named_and_held()
    {
        var now = Started with
        {
            Stores = Started.Stores with { Postgres = "Host=two", RetentionDays = 6 },
            Quotas = Started.Quotas with { LeaseSeconds = 20, DefaultOutputTokens = 200 },
            Admin = new(),
            Tls = null,
        };
        Assert.Equal(["admin.keyHash", "admin.url", "quotas.leaseSeconds", "stores.postgres", "tls"], RestartSettings.Between(Started, now).Order(StringComparer.Ordinal));
        var held = RestartSettings.Hold(Started, now);
        Assert.Equal(("Host=one", 6, 10d, 200), (held.Stores.Postgres, held.Stores.RetentionDays, held.Quotas.LeaseSeconds, held.Quotas.DefaultOutputTokens));
        Assert.Equal((Started.Admin, Started.Tls), (held.Admin, held.Tls));
        Assert.Empty(RestartSettings.Between(Started, held));
    }

    [Fact]
    public void Another_certificate_needs_none()
    {
        var now = Started with { Tls = new() { Certificate = "c", Key = "d" } };
        Assert.Empty(RestartSettings.Between(Started, now));
        Assert.Same(now, RestartSettings.Hold(Started, now));
    }

    [Fact]
    public void Operators_listeners_of_replicas_may_differ_and_their_version_is_the_same()
    {
        Assert.Equal(EdgeSnapshot.VersionOf(Started), EdgeSnapshot.VersionOf(Started with { Admin = new(), Schema = "elsewhere.json" }));
        Assert.NotEqual(EdgeSnapshot.VersionOf(Started), EdgeSnapshot.VersionOf(Started with { Tls = null }));
    }
}
