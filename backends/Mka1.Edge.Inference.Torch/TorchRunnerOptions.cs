namespace Mka1.Edge.Inference.Torch;

/// <summary>Where a model runs, in what precision, and how much it may hold there.</summary>
public sealed record TorchRunnerOptions
{
    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; default <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// <c>fp32</c>, <c>bf16</c> or <c>fp16</c>: the type of floating-point weights, activations and cache on the device;
    /// <c>auto</c>, the default, is bf16 on CUDA and fp32 on a CPU. Quantized weights stay as they are stored.
    /// </summary>
    public string DataType { get; init; } = "auto";

    /// <summary>Positions one page of the cache holds: 1 to 1024; default 32.</summary>
    public int PageSize { get; init; } = 32;

    /// <summary>Pages of the cache, all taken on the device at once: 1 or more; by <see cref="CacheBytes"/> when null.</summary>
    public int? PageCount { get; init; }

    /// <summary>
    /// Bytes of the cache: one page or more. Null: for <see cref="Sequences"/> whole context windows, but no more than a quarter
    /// of the memory on a CPU, or 8 GiB on a CUDA device, and for one window in any case.
    /// </summary>
    public long? CacheBytes { get; init; }

    /// <summary>How many sequences the cache is made for when nothing else says its size: 1 or more; default 16.</summary>
    public int Sequences { get; init; } = 16;

    /// <summary>Tokens one step may hold over all sequences: 1 or more; default 1024.</summary>
    public int MaxStepTokens { get; init; } = 1024;

    /// <summary>Threads of libtorch on a CPU, for the whole process; libtorch's own choice when null.</summary>
    public int? Threads { get; init; }

    /// <summary>An upper bound of the context window, which sizes the table of rotations; the model's own when null or larger.</summary>
    public int? ContextWindow { get; init; }
}
