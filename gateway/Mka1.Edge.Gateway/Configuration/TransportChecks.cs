using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks the sections <c>tls</c>, <c>cors</c> and <c>reload</c>.</summary>
internal static class TransportChecks
{
    private const string AnyOrigin = "*";

    public static void Check(EdgeConfig config, List<string> faults)
    {
        Range(faults, "reload.lookMilliseconds", config.Reload.LookMilliseconds, 50, 60_000);
        Range(faults, "reload.history", config.Reload.History, 1, 100);
        Range(faults, "cors.maxAgeSeconds", config.Cors.MaxAgeSeconds, 0, 86_400);
        for (var i = 0; i < config.Cors.Origins.Count; i++)
        {
            if (Present($"cors.origins[{i}]", config.Cors.Origins[i], faults) && config.Cors.Origins[i] != AnyOrigin && !IsOrigin(config.Cors.Origins[i]))
                faults.Add($"cors.origins[{i}]: '{config.Cors.Origins[i]}' is no origin: scheme, host and port, such as https://app.example.com, without a path.");
        }

        if (config.Cors is { Credentials: true } cors && cors.Origins.Contains(AnyOrigin)) faults.Add("cors.credentials: not together with the origin '*'. Name the origins.");
        if (config.Tls is { } tls) Tls(tls, faults);
        else if (config.Admin.Url?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true) faults.Add("admin.url: https needs a certificate: see tls.");
    }

    private static void Tls(TlsConfig tls, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(tls.Certificate)) faults.Add("tls.certificate: the path of a PEM file is needed.");
        if (string.IsNullOrWhiteSpace(tls.Key)) faults.Add("tls.key: the path of a PEM file is needed.");
        Range(faults, "tls.lookSeconds", tls.LookSeconds, 0.1, 3600);
    }

    /// <summary>As browsers write it, so that one can be compared with the other as text.</summary>
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.GetLeftPart(UriPartial.Authority) == text && uri.UserInfo.Length == 0;
}
