using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Reload;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Mka1.Edge.Gateway.Tls;

/// <summary>
/// The certificate in use for https. Its files are looked at again and again: renewed ones are taken up for connections that begin
/// from then on. A certificate without its key yet, or the other way round, changes nothing.
/// </summary>
internal sealed class TlsCertificates : BackgroundService, IConfigFollower
{
    private readonly EdgeConfiguration _configuration;
    private readonly TimeProvider _clock;
    private readonly ILogger<TlsCertificates> _logger;
    private volatile ServedCertificate? _current;
    private string? _refused;

    /// <exception cref="EdgeConfigException">The files named cannot be used.</exception>
    public TlsCertificates(EdgeConfiguration configuration, TimeProvider clock, ILogger<TlsCertificates> logger)
    {
        (_configuration, _clock, _logger) = (configuration, clock, logger);
        if (configuration.Current.Config.Tls is { } tls) Put(LoadOrRefuse(tls));
    }

    private ServedCertificate Current => _current ?? throw new InvalidOperationException("No certificate has been read.");

    private TimeSpan Interval => TimeSpan.FromSeconds(_configuration.Current.Config.Tls?.LookSeconds ?? 1);

    /// <summary>Has a listener serve the certificate in use, with all that stands behind it in its file.</summary>
    public void Serve(HttpsConnectionAdapterOptions https)
    {
        // Asked for so that Kestrel knows of a certificate; the context sent instead holds the ones above it, too.
        https.ServerCertificateSelector = (_, _) => Current.Leaf;
        https.OnAuthenticate = (_, options) =>
        {
            options.ServerCertificateSelectionCallback = null;
            options.ServerCertificateContext = Current.Context;
        };
    }

    /// <summary>Reads the files that another configuration names.</summary>
    /// <exception cref="EdgeConfigException">They cannot be used.</exception>
    public Action Prepare(EdgeSnapshot next)
    {
        // The same files are looked at in their own time: a renewal that is half done is no fault of a configuration.
        if (next.Config.Tls is not { } tls || tls == _configuration.Current.Config.Tls) return static () => { };
        var loaded = LoadOrRefuse(tls);
        return () => Put(loaded);
    }

    /// <summary>Takes renewed files up.</summary>
    public void Refresh()
    {
        if (_configuration.Current.Config.Tls is not { } tls) return;
        try
        {
            var loaded = Load(tls);
            if (loaded.Mark != _current?.Mark) Put(loaded);
            _refused = null;
        }
        catch (Exception e) when (IsUnusable(e))
        {
            // Told once, and not while the second of the two files is still to come.
            if (_refused == e.Message) return;
            _refused = e.Message;
            _logger.CertificateRefused(e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_current is null) return;
        using var timer = new PeriodicTimer(Interval, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Refresh();
            if (timer.Period != Interval) timer.Period = Interval;
        }
    }

    private static bool IsUnusable(Exception e) => e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private void Put(ServedCertificate loaded)
    {
        // The one before is left to the connections that use it.
        _current = loaded;
        _logger.CertificateInUse(loaded.Leaf.NotAfter.ToUniversalTime());
    }

    private static ServedCertificate LoadOrRefuse(TlsConfig tls)
    {
        try
        {
            return Load(tls);
        }
        catch (Exception e) when (IsUnusable(e))
        {
            throw new EdgeConfigException([$"tls: {e.Message}"]);
        }
    }

    private static ServedCertificate Load(TlsConfig tls)
    {
        var (certificate, key) = (File.ReadAllText(tls.Certificate), File.ReadAllText(tls.Key));
        var mark = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(certificate + key)));
        var leaf = X509Certificate2.CreateFromPem(certificate, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        return new ServedCertificate(mark, leaf, SslStreamCertificateContext.Create(leaf, chain, offline: true));
    }

    /// <summary>A certificate as connections are served it.</summary>
    private sealed record ServedCertificate(string Mark, X509Certificate2 Leaf, SslStreamCertificateContext Context);
}
