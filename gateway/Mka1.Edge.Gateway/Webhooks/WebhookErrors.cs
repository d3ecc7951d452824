namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>Why an attempt got no answer, in the words of the delivery log. They say nothing about what stands behind a name.</summary>
internal static class WebhookErrors
{
    public const string Timeout = "timeout";

    /// <summary>Also when the name leads to a private address: a tenant must not learn which names exist inside.</summary>
    public const string ConnectionFailed = "connection_failed";

    public const string TlsFailed = "tls_failed";
    public const string InvalidAnswer = "invalid_answer";

    /// <summary>The secret was encrypted under a key that this gateway does not have; unsigned it must not be sent.</summary>
    public const string SecretUnreadable = "secret_unreadable";
}
