using System.Security.Cryptography;
using System.Text.Json;
using Mka1.Edge.Gateway.Commands;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: what the command line makes, the gateway takes; what it cannot do, it says, with what to do instead.</summary>
public sealed class RunsKeyCommandsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mka1-keys-").FullName;

    private string Config => Path.Combine(_folder, "edge.json");

    public RunsKeyCommandsTests() => File.WriteAllText(
        Config,
        """{"pools":{"p":{"destinations":{"d":{"address":"http://127.0.0.1:1"}}}},"families":{"mini":{"default":"dense","variants":{"dense":{"model":"mini-dense","pool":"p"}}}},"tenants":{"acme":{}}}""");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Without_a_store_create_prints_the_key_and_what_to_write_into_the_configuration()
    {
        var (status, output, error) = await RunAsync(
            "create", "--tenant", "acme", "--key", "ci", "--models", "mini,mini-dense", "--endpoints", "responses", "--on-behalf-of", "required", "--expires", "90d",
            "--requests", "10/second,5000/hour", "--tokens", "100000/minute", "--cost", "0.5/day", "--concurrency", "4", "--delegation", "--json");
        Assert.True(status == 0, error);
        var made = JsonDocument.Parse(output).RootElement;
        var key = made.GetProperty("key").GetString()!;

        // The fragment is a configuration of its own but for the models it names.
        var fragment = EdgeConfigFile.Parse(made.GetProperty("config").GetRawText());
        var snapshot = EdgeSnapshot.Build(EdgeConfigFile.Read(Config) with { Tenants = fragment.Tenants });
        var compiled = Assert.Single(snapshot.Keys);
        Assert.Equal(KeyHash.OfKey(key), compiled.Hash);
        Assert.Equal(["mini", "mini-dense"], compiled.Grant.Models.Order());
        Assert.Equal((OnBehalfOfRule.Required, false, 4), (compiled.Grant.OnBehalfOf, compiled.Grant.Admin, compiled.Limits.Concurrency));
        Assert.Equal([10, 5000, 100000, 500_000_000], compiled.Limits.Windows.Select(window => window.Limit));
        Assert.Single(compiled.DelegationKeys);
        Assert.Contains("BEGIN PRIVATE KEY", made.GetProperty("delegation_private_key").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stores.postgres", "list", "--tenant", "acme")]
    [InlineData("stores.postgres", "rotate", "--tenant", "acme", "--key", "k")]
    [InlineData("stores.postgres", "revoke", "--tenant", "acme", "--key", "k")]
    [InlineData("key.models[0]", "create", "--tenant", "acme", "--key", "k", "--models", "gone")]
    [InlineData("--key", "create", "--tenant", "acme", "--key", "a b")]
    [InlineData("90 d", "create", "--tenant", "acme", "--key", "k", "--expires", "90 d")]
    [InlineData("--requests", "create", "--tenant", "acme", "--key", "k", "--requests", "10")]
    [InlineData("--requests", "create", "--tenant", "acme", "--key", "k", "--requests", "x/day")]
    [InlineData("key.requests[0].window", "create", "--tenant", "acme", "--key", "k", "--requests", "10/year")]
    [InlineData("--cost", "create", "--tenant", "acme", "--key", "k", "--cost", "-1/day")]
    [InlineData("--tenant", "create", "--key", "k")]
    [InlineData("gone.json", "create", "--tenant", "acme", "--key", "k", "--config", "gone.json")]
    public async Task What_cannot_be_done_ends_with_status_1_and_says_why(string why, params string[] arguments)
    {
        var (status, output, error) = await RunAsync(arguments);
        Assert.Equal(1, status);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.DoesNotContain("mk-", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_delegate_mints_is_one_that_the_gateway_takes()
    {
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(_folder, "private.pem");
        await File.WriteAllTextAsync(file, signer.ExportPkcs8PrivateKeyPem());
        await using var gateway = await GatewayFixture.StartAsync(config => config with
        {
            Tenants = new Dictionary<string, TenantConfig>
            {
                ["acme"] = new()
                {
                    Keys = new Dictionary<string, KeyConfig>
                    {
                        ["minting"] = new() { Hash = ApiKeyFormat.HashText(ApiKeyFormat.Create()), Delegation = new() { PublicKeys = [signer.ExportSubjectPublicKeyInfoPem()] } },
                    },
                },
            },
        });
        var (status, output, error) = await RunAsync(
            "delegate", "--private-key", file, "--tenant", "acme", "--key", "minting", "--end-user", "alice", "--models", "mka1-mini-quantized", "--token-budget", "500", "--expires", "30d");
        Assert.True(status == 0, error);
        Assert.Equal(["mka1-mini-quantized"], ApiClient.Ids(await new ApiClient(gateway, output.Trim()).CallAsync("GET", "/models")));
        await new ApiClient(gateway, output.Trim(), "bob").RefusedAsync("GET", "/models", 403);
    }

    [Theory]
    [InlineData("30 days", "--expires", "31d")]
    [InlineData("sub", "--end-user", "*")]
    [InlineData("token_budget", "--token-budget", "0")]
    public async Task Delegate_mints_nothing_that_the_gateway_would_refuse(string why, string option, string value)
    {
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(_folder, "private.pem");
        await File.WriteAllTextAsync(file, signer.ExportPkcs8PrivateKeyPem());
        string[] arguments = ["delegate", "--private-key", file, "--tenant", "acme", "--key", "k", option, value];
        var (status, output, error) = await RunAsync(option == "--end-user" ? arguments : [.. arguments, "--end-user", "alice"]);
        Assert.Equal(1, status);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Delegate_needs_a_private_key()
    {
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(_folder, "public.pem");
        await File.WriteAllTextAsync(file, signer.ExportSubjectPublicKeyInfoPem());
        var (status, _, error) = await RunAsync("delegate", "--private-key", file, "--tenant", "acme", "--key", "k", "--end-user", "alice");
        Assert.Equal(1, status);
        Assert.Contains("private", error, StringComparison.Ordinal);
    }

    private async Task<(int Status, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        string[] config = arguments.Contains("--config") || arguments[0] == "delegate" ? [] : ["--config", Config];
        var status = await EdgeCommands.RunAsync(["keys", .. arguments, .. config], output, error);
        return (status, output.ToString(), error.ToString());
    }
}
