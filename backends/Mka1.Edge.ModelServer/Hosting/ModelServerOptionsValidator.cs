using Microsoft.Extensions.Options;

namespace Mka1.Edge.ModelServer;

/// <summary>Checks the options when the server starts, and reports every fault at once, by its key.</summary>
internal sealed class ModelServerOptionsValidator : IValidateOptions<ModelServerOptions>
{
    private const int MostThinkingTokens = 1_000_000;

    public ValidateOptionsResult Validate(string? name, ModelServerOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Model))
            faults.Add($"{Key(nameof(options.Model))} is required: the directory of the model to serve.");
        else if (!Directory.Exists(options.Model))
            faults.Add($"{Key(nameof(options.Model))}: there is no directory '{Path.GetFullPath(options.Model)}'.");
        if (options.Name is { Length: 0 or > 128 })
            faults.Add($"{Key(nameof(options.Name))} must have 1 to 128 characters.");
        CheckEngine(options, faults);
        if (options.OtlpEndpoint is { } collector && !(Uri.TryCreate(collector, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", PathAndQuery: "/" }))
            faults.Add($"{Key(nameof(options.OtlpEndpoint))} is not a collector's address without a path, such as http://collector:4317.");
        if (options.ApiKey is { Length: < 16 })
            faults.Add($"{Key(nameof(options.ApiKey))} must have 16 characters or more; leave it out to ask for no key.");
        if (options.ContextWindow is < 16)
            faults.Add($"{Key(nameof(options.ContextWindow))} must be 16 or more.");
        if (options.MaxOutputTokens is < 1)
            faults.Add($"{Key(nameof(options.MaxOutputTokens))} must be 1 or more; leave it out for no limit.");
        if (options.CacheBytes is < 1)
            faults.Add($"{Key(nameof(options.CacheBytes))} must be 1 or more; leave it out for the default.");
        var thinking = options.ThinkingTokens;
        Range($"{nameof(options.ThinkingTokens)}:{nameof(thinking.Low)}", thinking.Low, 1, MostThinkingTokens);
        Range($"{nameof(options.ThinkingTokens)}:{nameof(thinking.Medium)}", thinking.Medium, Math.Clamp(thinking.Low, 1, MostThinkingTokens), MostThinkingTokens);
        Range($"{nameof(options.ThinkingTokens)}:{nameof(thinking.High)}", thinking.High, Math.Clamp(thinking.Medium, 1, MostThinkingTokens), MostThinkingTokens);
        Range(nameof(options.StepTokens), options.StepTokens, 16, 8192);
        Range(nameof(options.MaxConcurrentRequests), options.MaxConcurrentRequests, 1, 256);
        Range(nameof(options.MaxQueuedRequests), options.MaxQueuedRequests, 0, 10_000);
        Range(nameof(options.MaxRequestBytes), options.MaxRequestBytes, 1 << 10, 256 << 20);
        Range(nameof(options.SamplingRatio), options.SamplingRatio, 0, 1);
        Range(nameof(options.Threads), options.Threads, 1, 256);
        Range(nameof(options.KeepAlive), options.KeepAlive, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Range(nameof(options.WriteStall), options.WriteStall, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Range(nameof(options.Drain), options.Drain, TimeSpan.Zero, TimeSpan.FromHours(1));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Range<T>(string option, T value, T least, T most)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
                faults.Add($"{Key(option)} is {value}; it must be {least} to {most}.");
        }
    }

    private static void CheckEngine(ModelServerOptions options, List<string> faults)
    {
        if (options.Engine is not (ModelServerOptions.ManagedEngine or ModelServerOptions.TorchEngine))
            faults.Add($"{Key(nameof(options.Engine))} is '{options.Engine}'; it must be {ModelServerOptions.ManagedEngine} or {ModelServerOptions.TorchEngine}.");
#if !TORCH
        if (options.Engine == ModelServerOptions.TorchEngine)
            faults.Add($"{Key(nameof(options.Engine))} is '{options.Engine}', but this server was built without TorchSharp. Build it with -p:Torch=cpu or -p:Torch=cuda.");
#endif
        if (options.Engine == ModelServerOptions.ManagedEngine && (options.Device ?? options.Dtype) is not null)
            faults.Add($"{Key(options.Device is null ? nameof(options.Dtype) : nameof(options.Device))} is for the engine '{ModelServerOptions.TorchEngine}'.");
    }

    internal static string Key(string option) => $"{ModelServerOptions.Section}:{option}";
}
