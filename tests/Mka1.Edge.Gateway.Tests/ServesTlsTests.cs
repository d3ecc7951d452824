using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Gateway.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: https addresses serve the certificate that the files hold, with those above it, and a renewed one without a restart.</summary>
public sealed class ServesTlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tls");
    private readonly Authority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_renewed_certificate_is_served_and_a_half_renewed_one_is_not()
    {
        _authority.Write(Tls, "one");
        await using var gateway = await StartAsync();
        Assert.Equal(["CN=one", "CN=between"], await ServedAsync(gateway));
        var certificates = gateway.Services.GetRequiredService<TlsCertificates>();

        // The certificate has come, its key has not yet.
        var key = await File.ReadAllTextAsync(Tls.Key);
        _authority.Write(Tls, "two");
        var renewed = await File.ReadAllTextAsync(Tls.Key);
        await File.WriteAllTextAsync(Tls.Key, key);
        certificates.Refresh();
        Assert.Equal(["CN=one", "CN=between"], await ServedAsync(gateway));

        await File.WriteAllTextAsync(Tls.Key, renewed);
        certificates.Refresh();
        Assert.Equal(["CN=two", "CN=between"], await ServedAsync(gateway));
        File.Delete(Tls.Certificate);
        certificates.Refresh();
        Assert.Equal(["CN=two", "CN=between"], await ServedAsync(gateway));
    }

    [Fact]
    public async Task The_operators_listener_serves_it_too()
    {
        _authority.Write(Tls, "one");
        await using var gateway = await StartAsync(config => config with { Admin = Operator.Config with { Url = "https://127.0.0.1:0" } });
        Assert.Equal(["CN=one", "CN=between"], await ServedAsync(new Uri(EdgeHost.AdminAddress(gateway)!)));
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_is_a_fault_of_the_configuration()
    {
        File.WriteAllText(Tls.Certificate, "none");
        File.WriteAllText(Tls.Key, "none");
        var fault = Assert.Throws<EdgeConfigException>(() => EdgeHost.Create(["--urls", "https://127.0.0.1:0"], new EdgeConfig { Tls = Tls }));
        Assert.StartsWith("tls: ", Assert.Single(fault.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void An_operators_https_needs_one() =>
        Assert.Contains("admin.url: https needs a certificate", Assert.Throws<EdgeConfigException>(
            () => EdgeSnapshot.Build(new EdgeConfig { Admin = Operator.Config with { Url = "https://127.0.0.1:0" } })).Message, StringComparison.Ordinal);

    private TlsConfig Tls => new() { Certificate = Path.Combine(_folder.FullName, "tls.crt"), Key = Path.Combine(_folder.FullName, "tls.key") };

    private async Task<WebApplication> StartAsync(Func<EdgeConfig, EdgeConfig>? change = null)
    {
        var config = new EdgeConfig { Tls = Tls };
        var app = EdgeHost.Create(["--urls", "https://127.0.0.1:0"], change?.Invoke(config) ?? config);
        await app.StartAsync();
        return app;
    }

    private Task<IReadOnlyList<string>> ServedAsync(WebApplication gateway) => ServedAsync(new Uri(gateway.Urls.Single()));

    /// <summary>Names of the certificates that a client is sent, and has to be sent: it knows the root alone.</summary>
    private async Task<IReadOnlyList<string>> ServedAsync(Uri address)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        IReadOnlyList<string> served = [];
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "edge.test",
            RemoteCertificateValidationCallback = (_, _, chain, _) =>
            {
                served = [.. chain!.ChainPolicy.ExtraStore.Select(sent => sent.Subject)];
                using var known = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
                known.ChainPolicy.CustomTrustStore.Add(_authority.Root);
                known.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
                return known.Build(chain.ChainElements[0].Certificate);
            },
        });
        return served.Contains(((X509Certificate2)tls.RemoteCertificate!).Subject) ? served : [((X509Certificate2)tls.RemoteCertificate!).Subject, .. served];
    }

    /// <summary>A root, one below it, and what that one signs.</summary>
    private sealed class Authority : IDisposable
    {
        private readonly X509Certificate2 _between;

        public Authority()
        {
            using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var root = new CertificateRequest("CN=root", rootKey, HashAlgorithmName.SHA256);
            root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            Root = root.CreateSelfSigned(Begin, End);
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var between = new CertificateRequest("CN=between", key, HashAlgorithmName.SHA256);
            between.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            using var signed = between.Create(Root, Begin, End, [1, 2, 3]);
            _between = signed.CopyWithPrivateKey(key);
        }

        public X509Certificate2 Root { get; }

        private static DateTimeOffset Begin => DateTimeOffset.UtcNow.AddDays(-1);

        private static DateTimeOffset End => DateTimeOffset.UtcNow.AddDays(1);

        public void Write(TlsConfig files, string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            using var leaf = request.Create(_between, Begin, End.AddMinutes(-1), RandomNumberGenerator.GetBytes(8));
            File.WriteAllText(files.Certificate, leaf.ExportCertificatePem() + "\n" + _between.ExportCertificatePem() + "\n");
            File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        }

        public void Dispose()
        {
            Root.Dispose();
            _between.Dispose();
        }
    }
}
