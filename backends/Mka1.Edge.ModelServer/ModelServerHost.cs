using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Mka1.Edge.Inference.Weights;
using Mka1.Edge.ModelServer.Answering;
using Mka1.Edge.ModelServer.Endpoints;
using Mka1.Edge.ModelServer.Hosting;
using Mka1.Edge.ModelServer.Http;
using Mka1.Edge.ModelServer.Metrics;
using Mka1.Edge.ModelServer.Prompting;
using Mka1.Edge.ModelServer.Tracing;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.ModelServer;

/// <summary>One process, one model: the stateless Responses API over the inference engine.</summary>
public static class ModelServerHost
{
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--model"] = $"{ModelServerOptions.Section}:{nameof(ModelServerOptions.Model)}",
        ["--name"] = $"{ModelServerOptions.Section}:{nameof(ModelServerOptions.Name)}",
        ["--engine"] = $"{ModelServerOptions.Section}:{nameof(ModelServerOptions.Engine)}",
        ["--device"] = $"{ModelServerOptions.Section}:{nameof(ModelServerOptions.Device)}",
        ["--dtype"] = $"{ModelServerOptions.Section}:{nameof(ModelServerOptions.Dtype)}",
        ["--threads"] = $"{ModelServerOptions.Section}:{nameof(ModelServerOptions.Threads)}",
    };

    private static readonly Dictionary<string, string> Flags = new()
    {
        ["--warmup"] = nameof(ModelServerOptions.Warmup),
        ["--chat-completions"] = nameof(ModelServerOptions.ChatCompletions),
    };

    /// <summary>Makes a server that is not started yet.</summary>
    /// <param name="args">
    /// Command line: <c>--model</c>, <c>--name</c>, <c>--engine</c>, <c>--device</c>, <c>--dtype</c>, <c>--threads</c>, <c>--warmup</c>, <c>--chat-completions</c>, <c>--urls</c>, or any key of the configuration
    /// (<c>--ModelServer:MaxQueuedRequests 8</c>). A port of 0 is a free one; <see cref="WebApplication.Urls"/> tells it after the start.
    /// </param>
    /// <param name="configure">Has the last word on the options.</param>
    /// <param name="host">Has the last word on the host, for whoever runs the server inside its own process.</param>
    /// <returns>The server; starting it loads the model, and throws <see cref="ModelFormatException"/> when that cannot be served.</returns>
    /// <exception cref="OptionsValidationException">Options are missing or out of range; it lists every fault by its key.</exception>
    public static WebApplication Create(
        string[] args, Action<ModelServerOptions>? configure = null, Action<WebApplicationBuilder>? host = null)
    {
        // The configuration knows no switches without a value.
        args = [.. args.Select(arg => Flags.TryGetValue(arg, out var option) ? $"--{ModelServerOptions.Section}:{option}=true" : arg)];
        var builder = WebApplication.CreateSlimBuilder(args);
        // Under all other sources, so that each of them can say otherwise: one line an answer is enough.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Logging:LogLevel:Microsoft.AspNetCore", "Warning")] });
        builder.Configuration.AddCommandLine(args, Switches);
        var options = builder.Services.AddOptions<ModelServerOptions>().BindConfiguration(ModelServerOptions.Section);
        if (configure is not null)
            options.Configure(configure);
        options.ValidateOnStart();
        AddServices(builder.Services);
        if (builder.Configuration.GetSection(ModelServerOptions.Section).GetValue<bool>(nameof(ModelServerOptions.JsonLogs))) builder.Logging.AddEdgeJsonConsole();
        host?.Invoke(builder);

        var app = builder.Build();
        app.UseMiddleware<RequestIdMiddleware>();
        app.UseMiddleware<TracingMiddleware>();
        app.UseMiddleware<LoadReportMiddleware>();
        app.UseMiddleware<ErrorBoundaryMiddleware>();
        app.UseMiddleware<BearerKeyMiddleware>();
        // After the boundary, so that what routing answers goes through it.
        app.UseRouting();
        app.MapResponses();
        if (app.Services.GetRequiredService<IOptions<ModelServerOptions>>().Value.ChatCompletions)
            app.MapChatCompletions();
        app.MapModels();
        app.MapHealth();
        app.MapMetrics();
        return app;
    }

    /// <summary>Runs a server until it is told to stop.</summary>
    /// <returns>The process's exit code: 0, or 1 with the reason on standard error when the configuration or the model is at fault.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = Create(args);
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException e)
        {
            foreach (var fault in e.Failures)
                await Console.Error.WriteLineAsync(fault);
        }
        catch (ModelFormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }

        return 1;
    }

    private static void AddServices(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<ModelServerOptions>, ModelServerOptionsValidator>();
        services.AddSingleton<ServedModel>();
        services.AddSingleton<StopSignal>();
        services.AddSingleton<AnswerPlanner>();
        services.AddSingleton<AnswerServices>();
        services.AddModelServerMetrics();
        services.AddSingleton<AnswerTracing>();
        services.AddHostedService<TelemetryExport>();
        services.AddHostedService<ModelLifetime>();
        services.AddSingleton<IConfigureOptions<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>, KestrelLimits>();
        services.AddSingleton<IConfigureOptions<HostOptions>, ShutdownTime>();
    }
}
