using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>The second half of a transformer block.</summary>
internal abstract record FeedForward
{
    private FeedForward() { }

    /// <summary><c>down(silu(gate(x)) · up(x))</c></summary>
    public sealed record SwiGlu(Matrix Gate, Matrix Up, Matrix Down) : FeedForward;

    /// <summary>A router picks a few experts for each token; only those are computed.</summary>
    public sealed record Mixture(Matrix Router, SwiGlu[] Experts) : FeedForward;
}
