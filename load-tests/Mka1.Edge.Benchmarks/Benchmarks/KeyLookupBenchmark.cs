using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Policies.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Mka1.Edge.Benchmarks;

/// <summary>What it takes to tell who sends a key, in a ring of 10,000 tenants.</summary>
[MemoryDiagnoser]
public class KeyLookupBenchmark
{
    private const int Tenants = 10_000;

    private readonly string _known = ApiKeyFormat.Create();
    private readonly string _unknown = ApiKeyFormat.Create();
    private readonly string _junk = ApiKeyFormat.Create()[..^1] + "!";
    private readonly DelegatedKeys _delegatedKeys = new(TimeProvider.System, NullLogger<DelegatedKeys>.Instance);
    private string _delegated = "";
    private KeyRing _ring = new([], complete: true);

    [GlobalSetup]
    public void Setup()
    {
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = new KeyConfig { Hash = ApiKeyFormat.HashText(_known), Delegation = new DelegationConfig { PublicKeys = [signer.ExportSubjectPublicKeyInfoPem()] } };
        var others = Enumerable.Range(0, Tenants).Select(i => KeyCompiler.Configured($"tenant-{i}", "main", new KeyConfig { Hash = ApiKeyFormat.HashText(ApiKeyFormat.Create()) }));
        _ring = new KeyRing(others.Append(KeyCompiler.Configured("acme", "main", key)).Select(compiled => KeyCompiler.Merge(compiled, null, null)!), complete: true);

        var now = TimeProvider.System.GetUtcNow();
        _delegated = DelegationPolicy.Prefix + new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Claims = new Dictionary<string, object> { ["sub"] = "alice", ["jti"] = "1" },
            IssuedAt = now.UtcDateTime,
            Expires = now.UtcDateTime.AddDays(1),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(signer) { KeyId = "acme/main" }, SecurityAlgorithms.EcdsaSha256),
        });
        if (!Known() || Unknown() || Junk() || !Delegated()) throw new InvalidOperationException("The keys are not what they are meant to be.");
    }

    [Benchmark]
    public bool Known() => _ring.Find(_known) is not null;

    [Benchmark]
    public bool Unknown() => _ring.Find(_unknown) is not null;

    [Benchmark]
    public bool Junk() => _ring.Find(_junk) is not null;

    /// <summary>One whose signature has been checked before.</summary>
    [Benchmark]
    public bool Delegated() => Found(_delegatedKeys.FindAsync(_ring, _delegated));

    private static bool Found(ValueTask<VerifiedKey?> key) => key is { IsCompletedSuccessfully: true, Result: not null };
}
