using System.Globalization;
using System.Net;
using System.Text;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.State;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>
/// Judges a receiver's url when a response is created, from the text alone: no name is looked up. What a name leads to is judged
/// again, and finally, at every connect (<see cref="WebhookConnector"/>). Secrets are kept encrypted, each for its response.
/// </summary>
internal sealed class WebhookTargets(EdgeConfiguration configuration, Protector protector)
{
    public const string SecretPurpose = "webhook";

    private const string UrlParam = "webhook_url";
    private const string SecretParam = "webhook_secret";
    private const int MaxUrlLength = 2048;

    /// <summary>Names that never lead to a public address.</summary>
    private static readonly string[] LocalSuffixes = [".localhost", ".local", ".localdomain", ".internal", ".home.arpa", ".onion"];

    /// <summary>What is wrong with a url or a secret; null when nothing is.</summary>
    public ApiError? Check(string url, string? secret = null)
    {
        if (Fault(url, configuration.Current.Config.Webhooks.AllowPrivateTargets) is { } fault) return new ApiError(ErrorCode.InvalidWebhookUrl, fault, UrlParam);
        return secret is null || WebhookSignature.IsUsable(secret)
            ? null
            : new ApiError(ErrorCode.InvalidValue, "Behind 'whsec_' the secret must be base64.", SecretParam);
    }

    /// <summary>The target of a response whose url and secret have passed <see cref="Check"/>.</summary>
    public WebhookTarget Create(string responseId, string url, string? secret) => new(
        Normalise(new Uri(url)),
        secret is null ? default(ReadOnlyMemory<byte>?) : protector.Protect(SecretPurpose, Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(responseId)));

    /// <summary>The secret of a delivery. False when it was encrypted under another key.</summary>
    public bool TryReadSecret(WebhookEvent e, out string? secret)
    {
        secret = null;
        if (e.Target.Secret is not { } kept) return true;
        if (!protector.TryUnprotect(SecretPurpose, kept.Span, Encoding.UTF8.GetBytes(e.ResponseId), out var plain)) return false;
        secret = Encoding.UTF8.GetString(plain);
        return true;
    }

    /// <summary>What is wrong with a url, in words for whoever gave it; null when nothing is.</summary>
    public static string? Fault(string url, bool allowsPrivate)
    {
        if (url.Length > MaxUrlLength) return $"The webhook's url may have {MaxUrlLength} characters.";
        if (url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\') || !Uri.TryCreate(url, UriKind.Absolute, out var uri))
            return "The webhook's url must be an absolute url without spaces, control characters and backslashes.";
        if (!url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && !(allowsPrivate && url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)))
            return "The webhook's url must begin with https://.";
        if (uri.UserInfo.Length > 0 || url.AsSpan(0, AuthorityEnd(url)).Contains('@')) return "The webhook's url must not name a user or a password.";
        if (url.Contains('#', StringComparison.Ordinal)) return "The webhook's url must not have a fragment.";
        if (uri.Port < 1 || (!allowsPrivate && uri.Port is not (443 or 80))) return "The webhook's url must lead to port 443.";
        if (uri.Host.Length == 0) return "The webhook's url must name a host.";
        return allowsPrivate || IsPublic(uri) ? null : "The webhook's url must lead to a public host, such as https://hooks.example.com/responses.";
    }

    private static bool IsPublic(Uri uri)
    {
        // IdnHost, not Host: an ideographic full stop separates labels as a dot does.
        var host = uri.IdnHost.TrimEnd('.');
        if (host.Contains(':', StringComparison.Ordinal) || uri.HostNameType == UriHostNameType.IPv6)
            return !host.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(host, out var v6) && !SpecialAddresses.IsSpecial(v6);

        // Again through Uri, which knows all the ways to write an IPv4 address: a dot at the end or an odd dot hid it the first time.
        if (!Uri.TryCreate("https://" + host, UriKind.Absolute, out var plain)) return false;
        if (IPAddress.TryParse(plain.Host, out var v4)) return !SpecialAddresses.IsSpecial(v4);
        return IsPublicName(host.ToLowerInvariant()) && uri.Host.EnumerateRunes().All(IsPlain);
    }

    private static bool IsPublicName(string name)
    {
        var labels = name.Split('.');
        return labels.Length > 1
            && labels.All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            && char.IsAsciiLetter(labels[^1][0])
            && !LocalSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));
    }

    /// <summary>
    /// Whether a resolver cannot take the character for another one: circled and full-width letters and digits are read as
    /// ordinary ones by some, so that ①②⑦ becomes 127.
    /// </summary>
    private static bool IsPlain(Rune rune)
    {
        if (rune.IsAscii || rune.Value is 0x3002) return true;
        if (rune.Value is (>= 0x2100 and <= 0x24FF) or (>= 0x3200 and <= 0x33FF) or (>= 0xF900 and <= 0xFFFF) or (>= 0x1D400 and <= 0x1F2FF)) return false;
        return Rune.IsLetter(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
    }

    /// <summary>Where the authority of a url ends; an empty user name leaves no trace in <see cref="Uri"/>.</summary>
    private static int AuthorityEnd(string url)
    {
        var start = url.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = url.AsSpan(start).IndexOfAny('/', '?', '#');
        return end < 0 ? url.Length : start + end;
    }

    private static string Normalise(Uri uri) =>
        uri.HostNameType == UriHostNameType.Dns ? new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri : uri.AbsoluteUri;
}
