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

    private readonly EdgeConfiguration _configuration;
    private readonly WebhookTargets _targets;
    private readonly TimeProvider _clock;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly ILogger<WebhookHttpClient> _logger;
    private readonly Lock _gate = new();
    private (bool AllowsPrivate, HttpMessageInvoker Http) _current;

    public WebhookHttpClient(EdgeConfiguration configuration, WebhookTargets targets, TimeProvider clock, ILogger<WebhookHttpClient> logger)
        : this(configuration, targets, clock, logger, Dns.GetHostAddressesAsync)
    {
    }

    internal WebhookHttpClient(
        EdgeConfiguration configuration,
        WebhookTargets targets,
        TimeProvider clock,
        ILogger<WebhookHttpClient> logger,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        (_configuration, _targets, _clock, _logger, _resolve) = (configuration, targets, clock, logger, resolve);
        _current = Create(configuration.Current.Config.Webhooks.AllowPrivateTargets);
    }

    /// <summary>Sends a notification.</summary>
    /// <param name="e">The notification.</param>
    /// <param name="at">The time of the attempt.</param>
    /// <param name="cancellation">Breaks it off: nothing came of it.</param>
    public async Task<WebhookAnswer> SendAsync(WebhookEvent e, DateTimeOffset at, CancellationToken cancellation)
    {
        if (!_targets.TryReadSecret(e, out var secret)) return new WebhookAnswer(null, Error: WebhookErrors.SecretUnreadable);
        var settings = _configuration.Current.Config.Webhooks;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(settings.TimeoutSeconds), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        using var request = Request(e, secret, at);
        try
        {
            using var answer = await Http(settings.AllowPrivateTargets).SendAsync(request, either.Token);
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

    public void Dispose() => _current.Http.Dispose();

    /// <summary>What reaches whom it may. Where that changes, connections that are open lead where none may any more: they are not used again.</summary>
    private HttpMessageInvoker Http(bool allowsPrivate)
    {
        lock (_gate)
        {
            // The one before is left to the attempts that use it.
            if (_current.AllowsPrivate != allowsPrivate) _current = Create(allowsPrivate);
            return _current.Http;
        }
    }

    private (bool AllowsPrivate, HttpMessageInvoker Http) Create(bool allowsPrivate)
    {
        var connector = new WebhookConnector(allowsPrivate, _resolve);
        return (allowsPrivate, new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            Credentials = null,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = MaxAnswerHeaderKilobytes,
            MaxResponseDrainSize = MaxAnswerBytes,
            ResponseDrainTimeout = DrainTime,

            // A name is looked up again, and judged again, at least this often.
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectCallback = (context, cancellation) => connector.ConnectAsync(context.DnsEndPoint, cancellation),
        }));
    }

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
