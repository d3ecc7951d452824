using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Ingress;
using Mka1.Edge.Gateway.Tls;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>
/// Serves operators at an address of its own. It is a web application beside the gateway's: no path or method of the public one
/// reaches it. It is there before the first client is served and until the last one is.
/// </summary>
internal sealed class AdminListener(IServiceProvider gateway, AdminConfig config) : IHostedLifecycleService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>Where it listens, once started; null when the configuration names no address.</summary>
    public string? Address => _app?.Urls.FirstOrDefault();

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (config.Url is not { } url) return;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(url);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (gateway.GetService<TlsCertificates>() is { } certificates) kestrel.ConfigureHttpsDefaults(certificates.Serve);
        });
        builder.Services.AddSingleton(gateway.GetRequiredService<TimeProvider>());

        // Its lines belong to the gateway's log.
        builder.Services.AddSingleton(gateway.GetRequiredService<ILoggerFactory>());

        // Signals are the gateway's to hear: this one ends when the gateway says so.
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        _app = builder.Build();
        _app.UseMiddleware<IngressMiddleware>(gateway.GetRequiredService<EdgeConfiguration>());
        _app.UseRouting();
        _app.UseMiddleware<AdminKeyMiddleware>(config.KeyHash!);
        AdminRoutes.Map(_app, gateway);
        await _app.StartAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_app is not null) await _app.StopAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Takes no part in how a process is told to stop.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
