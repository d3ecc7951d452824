using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>The second half of a transformer block.</summary>
internal abstract record FeedForward
{
    private FeedForward() { }

    /// <summary><c>down(silu(gate(x)) · up(x))</c></summary>
    public sealed record SwiGlu(Projection Gate, Projection Up, Projection Down) : FeedForward
    {
        /// <summary>Width between the projections.</summary>
        public int Width => Gate.Matrix.Outputs;
    }

    /// <summary>A router picks a few experts for each token; only those are computed, and the shared one where there is one.</summary>
    public sealed record Mixture(Matrix Router, SwiGlu[] Experts, SharedExpert? Shared) : FeedForward;

    /// <summary>An expert that works on every token, weighted by <c>sigmoid(gate(x))</c>; the gate has one row.</summary>
    public sealed record SharedExpert(SwiGlu Expert, Matrix Gate);
}
