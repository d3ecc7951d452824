using System.Net;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>
/// Sends one attempt. Receivers are strangers: no redirect, cookie or proxy is followed, nothing is unpacked, the answer's body is
/// not read, and the whole of it ends in time.
/// </summary>
internal sealed class WebhookHttpClient : IDisposable
{
    private const int MaxAnswerHeaderKilobytes = 16;
    private const int MaxAnswerBytes = 64 * 1024;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private readonly WebhookTargets _targets;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;
    private readonly ILogger<WebhookHttpClient> _logger;
    private readonly HttpMessageInvoker _http;

    public WebhookHttpClient(EdgeSnapshot snapshot, WebhookTargets targets, TimeProvider clock, ILogger<WebhookHttpClient> logger)
        : this(snapshot, targets, clock, logger, Dns.GetHostAddressesAsync)
    {
    }

    internal WebhookHttpClient(
        EdgeSnapshot snapshot,
        WebhookTargets targets,
        TimeProvider clock,
        ILogger<WebhookHttpClient> logger,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        var config = snapshot.Config.Webhooks;
        (_targets, _clock, _logger, _timeout) = (targets, clock, logger, TimeSpan.FromSeconds(config.TimeoutSeconds));
        var connector = new WebhookConnector(config.AllowPrivateTargets, resolve);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            Credentials = null,
            ActivityHeadersPropagator = null,
            ConnectTimeout = _timeout,
            MaxResponseHeadersLength = MaxAnswerHeaderKilobytes,
            MaxResponseDrainSize = MaxAnswerBytes,
            ResponseDrainTimeout = DrainTime,

            // A name is looked up again, and judged again, at least this often.
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectCallback = (context, cancellation) => connector.ConnectAsync(context.DnsEndPoint, cancellation),
        });
    }

    /// <summary>Sends a notification.</summary>
    /// <param name="e">The notification.</param>
    /// <param name="at">The time of the attempt.</param>
    /// <param name="cancellation">Breaks it off: nothing came of it.</param>
    public async Task<WebhookAnswer> SendAsync(WebhookEvent e, DateTimeOffset at, CancellationToken cancellation)
    {
        if (!_targets.TryReadSecret(e, out var secret)) return new WebhookAnswer(null, Error: WebhookErrors.SecretUnreadable);
        using var timeout = new CancellationTokenSource(_timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        using var request = Request(e, secret, at);
        try
        {
            using var answer = await _http.SendAsync(request, either.Token);
            return new WebhookAnswer((int)answer.StatusCode, RetryAfter(answer, at));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new WebhookAnswer(null, Error: WebhookErrors.Timeout);
        }
        catch (HttpRequestException fault)
        {
            if (fault.InnerException is WebhookTargetRefusedException) _logger.TargetRefused(e.Id, e.ResponseId);
            return new WebhookAnswer(null, Error: fault.HttpRequestError switch
            {
                HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => WebhookErrors.InvalidAnswer,
                HttpRequestError.SecureConnectionError => WebhookErrors.TlsFailed,
                _ => WebhookErrors.ConnectionFailed,
            });
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(WebhookEvent e, string? secret, DateTimeOffset at)
    {
        var content = new ReadOnlyMemoryContent(e.Payload);
        content.Headers.ContentType = new("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, e.Target.Url) { Content = content };
        request.Headers.UserAgent.Add(new("mka1-edge", null));
        foreach (var (name, value) in WebhookSignature.Headers(secret, e.Id, at, e.Payload)) request.Headers.Add(name, value);
        return request;
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage answer, DateTimeOffset now) =>
        answer.Headers.RetryAfter is { } wait ? wait.Delta ?? wait.Date - now : null;
}
