using System.Runtime.InteropServices;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Torch.Layers;
using Mka1.Edge.Inference.Torch.Stepping;
using Mka1.Edge.Inference.Torch.Weights;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch;

/// <summary>A model on libtorch, on a CPU or a CUDA device; weights and key-value pages lie on the device.</summary>
/// <remarks>
/// A step is one pass: the new tokens of all sequences are packed into the rows of each product. A row's logits agree with
/// those of a run alone to rounding, not to the bit: libtorch picks its kernels by the number of rows.
/// </remarks>
public sealed class TorchModelRunner : IModelRunner
{
    private readonly TorchDevice _device;
    private readonly Transformer _transformer;
    private readonly PackedStep _packed;
    private readonly StepUpload _upload;
    private bool _disposed;

    internal TorchModelRunner(ITensorSource source, ModelConfig config, ModelFamily family, TorchRunnerOptions options)
    {
        Check(options.PageSize, 1, 1024, nameof(options.PageSize));
        Check(options.Sequences, 1, 1024, nameof(options.Sequences));
        Check(options.MaxStepTokens, 1, 1 << 20, nameof(options.MaxStepTokens));
        if (options.Threads is { } threads)
        {
            Check(threads, 1, 256, nameof(options.Threads));
            set_num_threads(threads);
        }

        Config = config;
        PageSize = options.PageSize;
        MaxStepTokens = options.MaxStepTokens;
        _device = TorchDevice.Open(options.Device, options.DataType);
        PageCount = CacheSize.Pages(config, options, _device);
        Check(PageCount, 1, int.MaxValue / PageSize, nameof(options.PageCount));
        _transformer = new TransformerLoader(source, config, family, _device).Load(PageCount, PageSize);
        _packed = new PackedStep(PageSize, PageCount, config.KeyValueHeads);
        _upload = new StepUpload(_device, _transformer.Rotation, config.KeyValueHeads, PageSize, (long)config.ContextWindow + PageSize);
    }

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <inheritdoc/>
    public int PageSize { get; }

    /// <inheritdoc/>
    public int PageCount { get; }

    /// <inheritdoc/>
    public long PageBytes => CacheSize.PageBytes(Config, PageSize, _device);

    /// <inheritdoc/>
    public int MaxStepTokens { get; }

    /// <summary>How many weights the matrices have.</summary>
    public long ParameterCount => _transformer.Parameters;

    /// <summary>Bytes the matrices take on the device.</summary>
    public long MemoryBytes => _transformer.Bytes;

    /// <summary>Reads a model directory in the Hugging Face layout and brings it to the device.</summary>
    /// <exception cref="Inference.Weights.ModelFormatException">Something is missing, malformed or not supported; the message names file and key.</exception>
    /// <exception cref="ArgumentException">An option is not one of those known, or out of range.</exception>
    /// <exception cref="InvalidOperationException">The device is not there, or does not compute in the type asked for.</exception>
    public static TorchModelRunner Load(string directory, TorchRunnerOptions options)
    {
        var (config, family) = ModelConfigFile.Read(directory, options.ContextWindow);
        using var source = new SafetensorsSource(directory);
        return new TorchModelRunner(source, config, family, options);
    }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<SequenceStep> batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (batch.IsEmpty)
            return;
        _packed.Build(batch);
        if (_packed.Rows > MaxStepTokens)
            throw new ArgumentException($"The step has {_packed.Rows} tokens; at most {MaxStepTokens} are taken.", nameof(batch));

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var logits = _transformer.Apply(_upload.Upload(_packed)).cpu();
        var numbers = MemoryMarshal.Cast<byte, float>(logits.bytes);
        for (var i = 0; i < _packed.Asked.Count; i++)
            numbers.Slice(i * Config.VocabularySize, Config.VocabularySize).CopyTo(batch[_packed.Asked[i]].Logits.Span);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _upload.Dispose();
        _transformer.Dispose();
    }

    private static void Check(int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to {most}.");
    }
}
