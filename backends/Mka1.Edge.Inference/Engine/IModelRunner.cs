using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.Inference.Engine;

/// <summary>A model on a device, which advances many sequences by one step; used by one thread at a time.</summary>
/// <remarks>
/// It owns the key-value cache: <see cref="PageCount"/> pages of <see cref="PageSize"/> positions, for all layers. Who may use
/// which page is the scheduler's business; pages are named by their number.
/// </remarks>
public interface IModelRunner : IDisposable
{
    /// <summary>The shape of the transformer.</summary>
    ModelConfig Config { get; }

    /// <summary>Positions one page holds.</summary>
    int PageSize { get; }

    /// <summary>Pages there are.</summary>
    int PageCount { get; }

    /// <summary>Bytes one page takes, keys and values of all layers together.</summary>
    long PageBytes { get; }

    /// <summary>Tokens one step may hold, over all sequences.</summary>
    int MaxStepTokens { get; }

    /// <summary>Runs each sequence's new tokens through the layers, stores their keys and values in its pages, and gives logits where asked.</summary>
    /// <param name="batch">At most <see cref="MaxStepTokens"/> tokens together; a sequence occurs once.</param>
    void Step(ReadOnlySpan<SequenceStep> batch);
}
